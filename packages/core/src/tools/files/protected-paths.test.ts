import { expect, test } from 'vitest'

import { isProtectedPath } from './protected-paths.ts'

test.each([
  '.git',
  '.git/hooks/pre-commit',
  '.GIT/config',
  '.g\u200cit/config',
  'vendor/lib/.git/HEAD',
  '.github/workflows/ci.yml',
  '.husky/pre-push',
  '.vscode/tasks.json',
  'sub/.claude/settings.json',
  '.mcp.json',
  '.pnpmfile.cjs',
  'home/.bashrc',
  'home/.bash_profile',
  '.zshenv',
  '.profile',
  '.gitlab-ci.yml',
  '.gitmodules',
  'a\\.git\\config',
])('isProtectedPath() knows %s', (path) => {
  expect(isProtectedPath(path)).toBe(true)
})

test.each(['.', 'git/hooks', '.gitignore', '.gitattributes', 'src/.github.md', 'package.json', 'profile', 'AGENTS.md'])(
  'isProtectedPath() has nothing against %s',
  (path) => {
    expect(isProtectedPath(path)).toBe(false)
  },
)
