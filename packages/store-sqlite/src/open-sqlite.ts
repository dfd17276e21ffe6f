import { resolve } from 'node:path'

import { checkCount, checkKeys, checkOneOf, expected } from '@executus/core/check-option'

import type { SqliteDatabase } from './sqlite-database.ts'

export interface OpenSqliteOptions {
  /**
   * What a loss of power may take; a crash of the process alone takes nothing, at any level.
   *
   * - `full`: nothing that was acknowledged. Each write waits for the disk.
   * - `normal`: the newest writes, and so calls that were made may be made again. The file stays sound.
   * - `extra`: as `full`, and the folder is written too where that matters.
   *
   * @default 'full'
   */
  readonly synchronous?: SynchronousLevel
  /** Milliseconds to wait for another process that writes, before a call rejects as `busy`. @default 5_000 */
  readonly busyTimeoutMs?: number
  /**
   * What becomes of a file on a network file system (NFS, SMB, 9P, FUSE, ...): `refuse` rejects as `unsupported`. Only Linux
   * tells what a folder is on. @default 'refuse'
   */
  readonly networkDisk?: 'refuse' | 'allow'
}

export type SynchronousLevel = 'normal' | 'full' | 'extra'

/** The names of the options, for those who pass them on. */
export const SQLITE_OPTIONS: readonly (keyof OpenSqliteOptions)[] = ['synchronous', 'busyTimeoutMs', 'networkDisk']

const DEFAULTS = {
  synchronous: 'full', // a recovery decides by what is in the file
  busyTimeoutMs: 5_000, // writes of others take milliseconds; who waits longer waits for a process that hangs
  networkDisk: 'refuse', // two processes there may both hold a lock, and what they write is lost
} as const satisfies Required<OpenSqliteOptions>

const LEVELS: readonly string[] = ['normal', 'full', 'extra'] satisfies SynchronousLevel[]

/** Versions of Node.js with less crash in the driver instead of saying so. */
const NODE_API = 10

/**
 * Opens a SQLite file for one or more stores; each store closes for itself, and the file is closed after them. A file
 * that is missing is made, with mode 0600; one of an older version is brought to the newest after a copy was made beside
 * it (`<path>.v1.backup`). The folder must be on a disk of this machine: locks of network file systems cannot be relied on.
 *
 * Rejects with a `StoreError`: `not-a-store` for a file of another program, a folder, a link, or one that others may
 * write; `newer-schema`, and the file is left as it is; `read-only`, `full`, `io`, `busy`, `corrupt`; `unsupported` when
 * this Node.js cannot load the driver, or the folder is on a network file system.
 *
 * @throws TypeError or RangeError that names the option
 */
export async function openSqlite(path: string, options: OpenSqliteOptions = {}): Promise<SqliteDatabase> {
  const file = checkPath(path)
  const config = checkSqliteOptions(options)
  if (Number(process.versions['napi']) < NODE_API) {
    const { StoreError } = await import('@executus/core/store-error')
    throw new StoreError('unsupported', `better-sqlite3 needs Node.js 22.14 or later, and this is ${process.version}`)
  }
  const { connect } = await import('./connect.ts')
  return connect(file, config)
}

function checkSqliteOptions(options: OpenSqliteOptions): Required<OpenSqliteOptions> {
  checkKeys('options', options, SQLITE_OPTIONS)
  const {
    synchronous = DEFAULTS.synchronous,
    busyTimeoutMs = DEFAULTS.busyTimeoutMs,
    networkDisk = DEFAULTS.networkDisk,
  } = options
  if (!LEVELS.includes(synchronous))
    throw new RangeError(`Expected \`options.synchronous\` to be one of ${LEVELS.join(', ')}`)
  checkCount('options.busyTimeoutMs', busyTimeoutMs, 0)
  checkOneOf('options.networkDisk', networkDisk, ['refuse', 'allow'])
  return { synchronous, busyTimeoutMs, networkDisk }
}

function checkPath(path: unknown): string {
  if (typeof path !== 'string') throw expected('path', 'the path of a file', path)
  if (path.trim() === '' || path === ':memory:')
    throw new RangeError('Expected `path` to be the path of a file; what lives in memory is `memoryJournalStore`')
  const file = resolve(path)
  // The driver would trim it, and open another file than the one that was looked at.
  if (file !== file.trim()) throw new RangeError('Expected `path` to have no white space at its end')
  return file
}
