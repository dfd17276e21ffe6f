import { execFile } from 'node:child_process'
import { posix } from 'node:path'

import type { Change, ChangedFile, ChangeSource } from './change.ts'
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
  '--no-relative', // `diff.relative` would leave out what is outside of the current folder
]

const MOST_BYTES = 512 * 1024 * 1024

/** A change between two revisions of a repository. Rejects with `DiffError`. */
export function gitSource({ cwd, base, head = 'HEAD' }: GitSourceOptions): ChangeSource {
  let commits: Promise<{ readonly base: string; readonly head: string }> | undefined
  const resolve = () => (commits ??= resolveCommits(cwd, base, head))
  const readAt = async (commit: string, path: string) => {
    // Asked for first, so that a file that is there and cannot be read is not taken for one that is not there.
    const entry = await git(cwd, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path])
    const blob = /^100\d+ blob (\S+)\t/.exec(entry)?.[1]
    return blob === undefined ? undefined : git(cwd, ['cat-file', 'blob', blob])
  }
  return {
    async read({ signal }) {
      const { base: from, head: to } = await resolve()
      const diff = async (...more: string[]) => parseDiff(await git(cwd, [...DIFF, ...more, from, to, '--'], signal))
      const change = await diff()
      return isMasking(change) ? unmasked(change, await diff('--text')) : change
    },
    readBase: async (path) => readAt((await resolve()).base, path),
    readHead: async (path) => readAt((await resolve()).head, path),
  }
}

/** git takes attributes from the change itself, which can call its own code binary: then nobody would look at it. */
function isMasking({ files }: Change): boolean {
  return files.some(({ path }) => posix.basename(path) === '.gitattributes') && files.some(({ isBinary }) => isBinary)
}

/** Binary is what has a NUL in it, as git itself tells where no attribute says otherwise. */
function unmasked(change: Change, asText: Change): Change {
  const texts = new Map(asText.files.map((file) => [file.path, file]))
  const hasNul = ({ hunks }: ChangedFile) => hunks.some(({ lines }) => lines.some(({ text }) => text.includes('\0')))
  const files = change.files.map((file) => {
    const text = file.isBinary ? texts.get(file.path) : undefined
    return text === undefined || hasNul(text) ? file : text
  })
  return { ...change, files }
}

async function resolveCommits(cwd: string, base: string, head: string) {
  const [from, to] = [await commitOf(cwd, base), await commitOf(cwd, head)]
  try {
    return { base: (await git(cwd, ['merge-base', from, to])).trim(), head: to }
  } catch (cause) {
    throw new DiffError(
      'unknown-revision',
      `${base} and ${head} have no commit in common; in a shallow clone, fetch more first`,
      { cause },
    )
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
  // git says by 1 that it knows no such commit, by anything else that it did not come so far.
  if (revision !== undefined && error.code === 1)
    return new DiffError(
      'unknown-revision',
      `git knows no commit ${revision}; in a shallow clone, fetch more first`,
      options,
    )
  const first = said.split('\n')[0]?.replace(/^(fatal|error|warning): /, '')
  return new DiffError('unknown-revision', first === undefined || first === '' ? 'git gave an error' : first, options)
}
