import { mkdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

import { checkPath, explain, type Folder, withFolder } from './folder.ts'
import { isProtectedPath } from './protected-paths.ts'
import { isSecretPath } from './secret-paths.ts'

/** Where a file is to be written: a folder that is open and was judged, and a name in it. */
export interface Target {
  /** As the model spelled it. */
  readonly asked: string
  /** Relative to the root, with `/`. */
  readonly path: string
  /** The folder, to put before names. */
  readonly folder: string
  /** The file in it. */
  readonly file: string
}

/**
 * Hands `use` the place of the file at `path`, which a model chose, whether it is there or not.
 *
 * @throws Error worded for the model
 */
export async function withTarget<T>(
  folder: Folder,
  path: string,
  { makeFolders }: { readonly makeFolders: boolean },
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const wanted = checkPath(folder, path)
  if (wanted === folder.root || /[\\/]$/.test(path)) throw new Error(`"${path}" is a folder; name a file in it`)
  const parent = dirname(wanted)
  if (makeFolders) await makeMissing(folder, wanted, path)
  return inFolder(folder, parent, wanted, path, (place, target) =>
    use({ asked: path, path: target, folder: place, file: join(place, basename(wanted)) }),
  )
}

/** Makes the folders above `wanted` that are missing, each inside one that was opened and judged. */
async function makeMissing(folder: Folder, wanted: string, path: string): Promise<void> {
  const missing: string[] = []
  for (let at = wanted; at !== folder.root && !(await isThere(at, path)); at = dirname(at)) missing.unshift(at)
  for (const each of missing.slice(0, -1))
    await inFolder(folder, dirname(each), wanted, path, (place) =>
      mkdir(join(place, basename(each))).catch((error: unknown) => {
        // Another call was faster, or a link that leads nowhere has the name: opening it will tell.
        if (codeOf(error) !== 'EEXIST') throw explainWriting(error, path)
      }),
    )
}

async function isThere(place: string, path: string): Promise<boolean> {
  try {
    await stat(place)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false
    throw explain(error, path)
  }
}

/** Opens the folder at `at` and judges, by where it really is, the file `wanted` below it. */
async function inFolder<T>(
  folder: Folder,
  at: string,
  wanted: string,
  path: string,
  use: (place: string, target: string) => Promise<T>,
): Promise<T> {
  return withFolder(folder, relative(folder.root, at) || '.', async (place, real) => {
    const target = [...(real === '.' ? [] : [real]), ...relative(at, wanted).split(/[\\/]/)].join('/')
    if (isSecretPath(target)) throw new Error(`"${path}" may hold secrets and is not writable`)
    if (isProtectedPath(target)) throw new Error(`"${path}" steers other programs and is not writable`)
    return use(place, target)
  })
}

/** What is wrong with writing `path`, worded for the model; an error that is no file system's is given back as it is. */
export function explainWriting(error: unknown, path: string): unknown {
  const code = codeOf(error)
  if (code === undefined) return error
  if (code === 'ENOENT') return new Error(`The folder of "${path}" vanished meanwhile: try again`)
  if (code === 'EEXIST') return new Error(`"${path}" was created meanwhile: read it first`)
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP')
    return explain(error, path)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new Error(`"${path}" may not be written`)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Error(`"${path}" was not written: the disk is full`)
  return new Error(`"${path}" could not be written (${code})`)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined
}
