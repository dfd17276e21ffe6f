import { execFile } from 'node:child_process'

import type { ChangeSource } from './change.ts'
import { DiffError } from './errors.ts'
import { parseDiff } from './parse-diff.ts'

export interface GitSourceOptions {
  /** A folder in the repository. */
  readonly cwd: string
  /** A revision: what has happened since it and `head` parted is the change. */
  readonly base: string
  /** @default 'HEAD' */
  readonly head?: string
}

// Whatever the user's own settings say, the parser sees one form.
const SETTINGS = ['-c', 'diff.noprefix=false', '-c', 'diff.mnemonicPrefix=false', '-c', 'core.quotePath=true']
const DIFF = [
  'diff',
  ...['--no-color', '--no-ext-diff', '--no-textconv', '--find-renames', '--diff-algorithm=histogram'],
  ...['--src-prefix=a/', '--dst-prefix=b/', '--submodule=short', '--ignore-submodules=dirty'],
]

const MOST_BYTES = 512 * 1024 * 1024

/** A change between two revisions of a repository. Rejects with `DiffError`. */
export function gitSource({ cwd, base, head = 'HEAD' }: GitSourceOptions): ChangeSource {
  let commits: Promise<{ readonly base: string; readonly head: string }> | undefined
  const resolve = () => (commits ??= resolveCommits(cwd, base, head))
  const readAt = async (commit: string, path: string) => {
    try {
      return await git(cwd, ['show', `${commit}:${path}`])
    } catch (error) {
      if (DiffError.is(error) && error.code === 'unknown-revision') return undefined
      throw error
    }
  }
  return {
    async read({ signal }) {
      const { base: from, head: to } = await resolve()
      return parseDiff(await git(cwd, [...DIFF, from, to, '--'], signal))
    },
    readBase: async (path) => readAt((await resolve()).base, path),
    readHead: async (path) => readAt((await resolve()).head, path),
  }
}

async function resolveCommits(cwd: string, base: string, head: string) {
  const [from, to] = [await commitOf(cwd, base), await commitOf(cwd, head)]
  try {
    return { base: (await git(cwd, ['merge-base', from, to])).trim(), head: to }
  } catch (cause) {
    throw new DiffError('unknown-revision', `${base} and ${head} have no commit in common`, { cause })
  }
}

async function commitOf(cwd: string, revision: string): Promise<string> {
  // Behind this, what begins with a dash is a revision too.
  return (
    await git(
      cwd,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
      undefined,
      revision,
    )
  ).trim()
}

function git(cwd: string, args: readonly string[], signal?: AbortSignal, revision?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: MOST_BYTES, encoding: 'utf8', ...(signal && { signal }) } as const
    execFile('git', [...SETTINGS, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(problemOf(error, stderr.trim(), revision))
    })
  })
}

function problemOf(error: Error & { code?: unknown }, said: string, revision: string | undefined): Error {
  if (error.name === 'AbortError') return error
  const options = { cause: error }
  if (error.code === 'ENOENT')
    return new DiffError('no-git', 'git is not installed, or the folder is not there', options)
  if (/not a git repository/i.test(said))
    return new DiffError(
      'no-repository',
      'This folder is in no git repository; review a diff with --diff FILE',
      options,
    )
  if (revision !== undefined)
    return new DiffError(
      'unknown-revision',
      `git knows no commit ${revision}; in a shallow clone, fetch more first`,
      options,
    )
  const first = said.split('\n')[0]?.replace(/^(fatal|error): /, '')
  return new DiffError('unknown-revision', first === undefined || first === '' ? 'git gave an error' : first, options)
}
