import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, lstat, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { OpenFile } from './folder.ts'
import { explainWriting, type Target } from './target.ts'

/** How a file gets new content. */
export interface ReplaceOptions {
  /** Permissions to keep. @default those of any new file */
  readonly mode?: number
  /** Fails when there is a file by then. */
  readonly mustBeNew?: boolean
  /** The last look before the new content takes the name; what it throws leaves the old file as it is. */
  readonly lastLook: () => Promise<void>
}

/**
 * Gives the file `bytes` at once: a reader sees the old content or the new, and a failure leaves the old. A link at its
 * name is never followed. A crash may leave a `.executus-*.tmp` beside it.
 *
 * @throws Error worded for the model
 */
export async function replaceFile(target: Target, bytes: Uint8Array, options: ReplaceOptions): Promise<void> {
  const temporary = join(target.folder, `.executus-${randomUUID()}.tmp`)
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  try {
    // Windows has no O_NOFOLLOW, and O_EXCL alone refuses a link too.
    const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), options.mode ?? 0o666)
    try {
      await handle.writeFile(bytes)
      // The process's umask may have taken some of it away.
      if (options.mode !== undefined) await handle.chmod(options.mode)
    } finally {
      await handle.close()
    }
    await options.lastLook()
    // Of the two, only `link` fails when the name is taken.
    await (options.mustBeNew === true ? link(temporary, target.file) : rename(temporary, target.file))
  } catch (error) {
    throw explainWriting(error, target.asked)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** A file that is there and may be replaced. */
export interface ExistingFile extends OpenFile {
  /** Its permissions, without the bits that lend its owner's rights. */
  readonly mode: number
}

/**
 * Hands `use` the regular file at the target; gives `undefined` when nothing is there.
 *
 * @throws Error worded for the model when there is anything else, or it is read-only
 */
export async function withExisting<T>(
  { asked, path, file }: Target,
  use: (existing: ExistingFile) => Promise<T>,
): Promise<T | undefined> {
  try {
    const found = await lstat(file)
    if (found.isSymbolicLink()) throw new Error(`"${asked}" is a link: name the file that it leads to`)
    if (found.isDirectory()) throw new Error(`"${asked}" is a folder; name a file in it`)
    if (!found.isFile()) throw new Error(`"${asked}" is not a regular file`)
    // The folder's permissions alone decide about a rename; a file that is marked read-only is meant to stay.
    if ((found.mode & 0o222) === 0) throw new Error(`"${asked}" is read-only`)
    await access(file, constants.W_OK)
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const { mode, size, ino, dev } = await handle.stat()
      if (ino !== found.ino || dev !== found.dev) throw new Error(`"${asked}" changed meanwhile: read it again`)
      return await use({ path, handle, sizeBytes: size, mode: mode & 0o777 })
    } finally {
      await handle.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw explainWriting(error, asked)
  }
}
