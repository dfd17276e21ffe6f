/**
 * Whether a path, relative to its root, names what other programs obey without asking: a change there would run commands
 * or give orders long after the run. Such paths are read, but never written. What is a project's daily work
 * (`package.json`, lock files, `AGENTS.md`) is left to the host's rules.
 */
export function isProtectedPath(path: string): boolean {
  // Some file systems do not see invisible letters in a name, so that `.g\u200Cit` is `.git` to them.
  const parts = path
    .toLowerCase()
    .replaceAll(/\p{Cf}/gu, '')
    .split(/[\\/]/)
  return parts.some((part) => PROTECTED_FOLDERS.has(part)) || PROTECTED_NAME.test(parts.at(-1) ?? '')
}

// `.git` of a linked worktree is a file; it is meant too.
const PROTECTED_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.jj',
  '.github',
  '.husky',
  '.vscode',
  '.idea',
  '.devcontainer',
  '.claude',
  '.codex',
  '.cursor',
])
const PROTECTED_NAME = new RegExp(
  [
    String.raw`^\.(bash|zsh)(rc|_profile|_login|_logout|env)$`,
    String.raw`^\.z(profile|shenv|login|logout)$`,
    String.raw`^\.(profile|gitconfig|gitmodules|gitlab-ci\.yml|mcp\.json|pnpmfile\.cjs|yarnrc\.yml|pre-commit-config\.yaml)$`,
  ].join('|'),
)
