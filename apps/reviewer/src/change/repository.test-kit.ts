import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { onTestFinished } from 'vitest'

/** A git repository for one test, with nobody's settings. */
export class Repository {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'executus-repository-'))

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
    this.git('init', '--quiet', '--initial-branch=main')
  }

  git(...args: readonly string[]): string {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      GIT_CONFIG_NOSYSTEM: '1',
      ...person('AUTHOR'),
      ...person('COMMITTER'),
    }
    return execFileSync('git', args, { cwd: this.folder, env, encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  write(path: string, content: string | Buffer): void {
    const file = join(this.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  commit(): string {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message=x')
    return this.git('rev-parse', 'HEAD').trim()
  }
}

function person(role: 'AUTHOR' | 'COMMITTER') {
  return {
    [`GIT_${role}_NAME`]: 'x',
    [`GIT_${role}_EMAIL`]: 'x@localhost',
    [`GIT_${role}_DATE`]: '2026-01-01T00:00:00Z',
  }
}

/** What git itself counts, by path: `[added, deleted]`, both `undefined` for a binary file. */
export function numstatOf(text: string): Map<string, readonly [number | undefined, number | undefined]> {
  const counts = new Map<string, readonly [number | undefined, number | undefined]>()
  const fields = text.split('\0')
  for (let index = 0; index < fields.length - 1;) {
    const [, added, deleted, path] = /^(.*?)\t(.*?)\t(.*)$/s.exec(fields[index]!)!
    const numbers = [numberOf(added!), numberOf(deleted!)] as const
    // Of a renamed file both names follow.
    counts.set(path === '' ? fields[index + 2]! : path!, numbers)
    index += path === '' ? 3 : 1
  }
  return counts
}

function numberOf(field: string): number | undefined {
  return field === '-' ? undefined : Number(field)
}
