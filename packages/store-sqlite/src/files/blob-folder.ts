import { randomUUID } from 'node:crypto'
import { constants, lstatSync, rmSync } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, opendir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { StoreError } from '@executus/core/store-error'

import { codeOf } from '../store-error-of.ts'

const CONTENT = /^[0-9a-f]{64}$/
const LEFT_OVER = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.tmp$/

/**
 * The folder beside the database where large content lies, each under its SHA-256, for its owner alone. A file of that name
 * is whole: it was written under another one, and is durable before a row of the database tells of it.
 */
export class BlobFolder {
  readonly path: string

  constructor(databasePath: string) {
    this.path = `${databasePath}.blobs`
  }

  /** Puts content there; resolves when it is durable. What is there already, and whole, stays. */
  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    await this.#make()
    const path = this.#pathOf(sha256)
    if (!(await hasContent(path, bytes))) await this.#write(path, bytes)
    // Also for one that is there: who put it there may not have come to that yet.
    await syncFolder(this.path)
  }

  /** Whether there is content of this name and size. */
  has(sha256: string, size: number): boolean {
    const stats = lstatSync(this.#pathOf(sha256), { throwIfNoEntry: false })
    return stats?.isFile() === true && stats.size === size
  }

  /** What is there under this name; `undefined` when there is nothing, or something of another size. */
  async read(sha256: string, size: number): Promise<Uint8Array | undefined> {
    let file: FileHandle
    try {
      file = await open(
        this.#pathOf(sha256),
        constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
      )
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return undefined
      throw error
    }
    try {
      const stats = await file.stat()
      return stats.isFile() && stats.size === size ? await file.readFile() : undefined
    } finally {
      await file.close()
    }
  }

  /** Removes content; does nothing when it is gone. */
  remove(sha256: string): void {
    rmSync(this.#pathOf(sha256), { force: true })
  }

  /** Content and leftovers of writes that were there before `beforeMs`, by the clock of the file system. */
  async *oldOnes(beforeMs: number): AsyncGenerator<{ readonly name: string; readonly isContent: boolean }> {
    const isFolder = (await lstatOf(this.path))?.isDirectory() === true
    if (!isFolder) return
    for await (const { name } of await opendir(this.path)) {
      const isContent = CONTENT.test(name)
      if (!isContent && !LEFT_OVER.test(name)) continue // not ours
      const stats = await lstatOf(join(this.path, name))
      if (stats !== undefined && stats.mtimeMs < beforeMs) yield { name, isContent }
    }
  }

  removeLeftOver(name: string): void {
    rmSync(join(this.path, name), { force: true })
  }

  async #make(): Promise<void> {
    const made = await mkdir(this.path, { recursive: true, mode: 0o700 })
    if (made !== undefined) await syncFolder(dirname(this.path))
    else if ((await lstat(this.path)).isSymbolicLink())
      throw new StoreError('not-a-store', 'The folder of blobs is a symbolic link')
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${path}.${randomUUID()}.tmp`
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}) // a sweep finds it
      throw error
    }
  }

  /** @throws StoreError `corrupt` for a name that came out of a damaged row and could lead anywhere */
  #pathOf(sha256: string): string {
    if (!CONTENT.test(sha256)) throw new StoreError('corrupt', 'The name of a blob is damaged')
    return join(this.path, sha256)
  }
}

async function hasContent(path: string, bytes: Uint8Array): Promise<boolean> {
  const stats = await lstatOf(path)
  return stats?.isFile() === true && stats.size === bytes.length && (await readFile(path)).equals(bytes)
}

async function lstatOf(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // which has no such thing
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
