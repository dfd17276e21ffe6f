import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Hands `use` the file at `path` in a folder, whose real path `root` is. What is opened is what was judged: no link is
 * followed on the way, whoever swaps one in, and nothing is waited for.
 *
 * @throws Error when it is no regular file, or not there
 */
export async function withFileInside<T>(root: string, path: string, use: (file: OpenedFile) => Promise<T>): Promise<T> {
  const wanted = join(root, path)
  // Windows has neither flag. O_NONBLOCK: opening a pipe would otherwise wait for its writer.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const handle = await open(wanted, flags)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new Error('It is not a regular file')
    if (!(await isAt(handle, wanted))) throw new Error('A link leads elsewhere')
    return await use({ handle, sizeBytes: stats.size })
  } finally {
    await handle.close()
  }
}

export interface OpenedFile {
  readonly handle: FileHandle
  readonly sizeBytes: number
}

/** Whether an open file really lies there. Linux tells of the descriptor itself; elsewhere path and descriptor are compared. */
async function isAt(handle: FileHandle, wanted: string): Promise<boolean> {
  if (process.platform === 'linux') return (await readlink(`/proc/self/fd/${handle.fd}`)) === wanted
  const [real, byPath, byHandle] = await Promise.all([realpath(wanted), lstat(wanted), handle.stat()])
  return real === wanted && byPath.ino === byHandle.ino && byPath.dev === byHandle.dev
}

/**
 * What an opened file holds, counted while it is read: it may grow.
 *
 * @throws RangeError when it is more than `maxBytes`
 */
export async function* chunksOf({ handle }: OpenedFile, maxBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafe(64 * 1024)
  for (let length = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length)
    if (bytesRead === 0) return
    length += bytesRead
    if (length > maxBytes) throw new RangeError(`It is larger than ${maxBytes} bytes`)
    yield Buffer.from(buffer.subarray(0, bytesRead))
  }
}
