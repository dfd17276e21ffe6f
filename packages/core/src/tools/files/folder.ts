import { constants, type Dirent, realpathSync, statSync } from 'node:fs'
import { type FileHandle, open, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'

import { isSecretPath } from './secret-paths.ts'

/** A folder that a model may look into, and nothing but it. */
export interface Folder {
  /** Its real path. */
  readonly root: string
  /** Its path as the host gave it, absolute: another spelling of the root when a part of it is a link. */
  readonly givenRoot: string
  /** Names of folders that are not looked into. */
  readonly skip: ReadonlySet<string>
}

/** @throws RangeError when there is no such folder */
export function openFolder(root: string, skip: ReadonlySet<string>): Folder {
  try {
    if (statSync(root).isDirectory()) return { root: realpathSync(root), givenRoot: resolve(root), skip }
  } catch (error) {
    throw new RangeError(notAFolder(root), { cause: error })
  }
  throw new RangeError(notAFolder(root))
}

function notAFolder(root: string): string {
  return `Expected \`fileTools.root\` to be a folder, got \`${root}\``
}

/** A file that is open: what is read from `handle` is what was judged. */
export interface OpenFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly handle: FileHandle
  readonly sizeBytes: number
}

export interface FolderEntry {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly name: string
  readonly isFolder: boolean
}

/**
 * Hands `use` the file at `path`, which a model chose: relative to the root, or absolute inside it.
 *
 * @throws Error worded for the model
 */
export function withFile<T>(folder: Folder, path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  // O_NONBLOCK: opening a pipe would otherwise wait for its writer. Windows has no such flag.
  return withOpen(folder, path, constants.O_NONBLOCK ?? 0, async (handle, realPath) => {
    const found = await handle.stat()
    if (found.isDirectory()) throw new Error(`"${path}" is a folder; list_files shows what is in it`)
    if (!found.isFile()) throw new Error(`"${path}" is not a regular file`)
    if (isSecretPath(realPath)) throw new Error(`"${path}" may hold secrets and is not readable`)
    return use({ path: realPath, handle, sizeBytes: found.size })
  })
}

/**
 * The files and folders in the folder at `path`, by name; links are left out.
 *
 * @throws Error worded for the model
 */
export async function readFolder(folder: Folder, path: string): Promise<readonly FolderEntry[]> {
  const [entries, realPath] = await withFolder(
    folder,
    path,
    async (place, real) => [await readEntries(place, path), real] as const,
  )
  const prefix = realPath === '.' ? '' : `${realPath}/`
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ path: prefix + entry.name, name: entry.name, isFolder: entry.isDirectory() }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Hands `use` the folder at `path`: a `place` to put before names, and its real path relative to the root. What is done
 * there happens in the very folder that was judged, wherever its name leads by now.
 *
 * @throws Error worded for the model
 */
export async function withFolder<T>(
  folder: Folder,
  path: string,
  use: (place: string, realPath: string) => Promise<T>,
): Promise<T> {
  if (isLinux) return withOpen(folder, path, constants.O_DIRECTORY, (handle, real) => use(descriptorPath(handle), real))
  // Windows does not open folders; there, as elsewhere without /proc, the real path has to do.
  const real = await realpath(checkPath(folder, path)).catch((error: unknown) => {
    throw explain(error, path)
  })
  return use(real, insideOf(folder.root, real, path))
}

const isLinux = process.platform === 'linux'

/**
 * Opens first and judges then where the opened thing really is: a check before the opening loses the race against a link
 * that is swapped in between (measured: 1 in 130 tries).
 */
async function withOpen<T>(
  folder: Folder,
  path: string,
  flags: number,
  use: (handle: FileHandle, realPath: string) => Promise<T>,
): Promise<T> {
  const wanted = checkPath(folder, path)
  const handle = await open(wanted, constants.O_RDONLY | flags).catch((error: unknown) => {
    throw explain(error, path)
  })
  try {
    return await use(handle, insideOf(folder.root, await realPathOf(handle, wanted, path), path))
  } finally {
    await handle.close()
  }
}

function readEntries(place: string, path: string): Promise<Dirent[]> {
  return readdir(place, { withFileTypes: true }).catch((error: unknown) => {
    throw explain(error, path)
  })
}

/** Where an open file really is. Linux tells of the descriptor itself; elsewhere path and descriptor are compared. */
async function realPathOf(handle: FileHandle, wanted: string, path: string): Promise<string> {
  const real = await (isLinux ? readlink(descriptorPath(handle)) : realpath(wanted))
  // What was removed or replaced since has this ending, under which `.env` would not be known for what it is.
  if (isLinux && !real.endsWith(' (deleted)')) return real
  const [byPath, byHandle] = await Promise.all([stat(real).catch(() => undefined), handle.stat()])
  if (byPath?.ino !== byHandle.ino || byPath.dev !== byHandle.dev)
    throw new Error(`"${path}" changed while it was opened`)
  return real
}

function descriptorPath({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`
}

/** Where `path` leads by its letters alone, below the real root. @throws Error worded for the model */
export function checkPath({ root, givenRoot }: Folder, path: string): string {
  if (path.includes('\0') || !path.isWellFormed()) throw new Error('A path may not hold NUL or broken characters')
  // Drive letters, streams, network and device paths, and short names mean something else than they say.
  if (process.platform === 'win32' && /:(?!\\)|^\\\\|[. ]$|~\d/.test(path) && path !== '.')
    throw new Error(`"${path}" is not a plain path`)
  const wanted = resolve(root, path)
  // `/link/a.txt` of a root `/link` is what the host and its user call the file.
  if (isAbsolute(path) && isInside(givenRoot, wanted)) return join(root, relative(givenRoot, wanted))
  insideOf(root, wanted, path)
  return wanted
}

/** `real` relative to the root, with `/`; `.` for the root itself. @throws Error worded for the model */
export function insideOf(root: string, real: string, path: string): string {
  if (!isInside(root, real)) throw new Error(`"${path}" is outside the folder that can be read`)
  return relative(root, real).split(sep).join('/') || '.'
}

/** A name such as `..foo` is inside. */
function isInside(root: string, real: string): boolean {
  const inside = relative(root, real)
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
}

/** What is wrong with opening `path`, worded for the model. */
export function explain(error: unknown, path: string): Error {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new Error(`There is no "${path}"`)
  if (code === 'ENOTDIR') return new Error(`"${path}" is not a folder`)
  if (code === 'EACCES' || code === 'EPERM') return new Error(`"${path}" may not be read`)
  if (code === 'ELOOP' || code === 'ENAMETOOLONG') return new Error(`"${path}" is not a usable path (${code})`)
  return new Error(`"${path}" could not be opened (${code ?? 'unknown reason'})`)
}
