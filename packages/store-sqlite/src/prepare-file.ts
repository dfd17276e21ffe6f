import { accessSync, closeSync, constants, lstatSync, mkdirSync, openSync, type Stats } from 'node:fs'
import { basename, dirname } from 'node:path'

import { StoreError } from '@executus/core/store-error'

import { checkDisk } from './network-disk.ts'
import { codeOf } from './store-error-of.ts'

const OTHERS_MAY_WRITE = 0o022

/**
 * Sees that there is a file which only its owner reads and writes; SQLite gives the files beside it the same mode. A
 * folder that is missing is made, for the owner alone.
 *
 * @throws StoreError `not-a-store` for a link, a folder or a file that others may write; `unsupported` for one on a network
 * file system, unless that is allowed; or the file system's error
 */
export function prepareFile(
  path: string,
  networkDisk: 'refuse' | 'allow' = 'refuse',
  diskTypeOf?: (folder: string) => number,
): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (networkDisk === 'refuse') checkDisk(dirname(path), diskTypeOf)
  if (!createFile(path)) checkFile(path, lstatSync(path))
  // SQLite would open for reading what it may not write, and tell at the first write.
  for (const one of [path, dirname(path)]) accessSync(one, constants.W_OK)
}

/**
 * Makes an empty file of mode 0600; `false` when there is something of this name, be it a link that leads nowhere.
 * Only ever a new file: to close one that SQLite has open in this process would drop its locks.
 */
export function createFile(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false // another process was faster
    throw error
  }
}

function checkFile(path: string, stats: Stats): void {
  const name = basename(path)
  if (stats.isSymbolicLink()) throw new StoreError('not-a-store', `${name} is a symbolic link; give the file itself`)
  if (!stats.isFile()) throw new StoreError('not-a-store', `${name} is not a file`)
  // Each name would have locks of its own.
  if (stats.nlink > 1) throw new StoreError('not-a-store', `${name} has a second name (a hard link)`)
  if (process.platform !== 'win32' && (stats.mode & OTHERS_MAY_WRITE) !== 0)
    throw new StoreError('not-a-store', `${name} may be written by others; make it yours with chmod 600`)
}
