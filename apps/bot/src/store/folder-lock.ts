import { chmodSync } from 'node:fs'
import { join } from 'node:path'

import { StoreError } from '@executus/core'
import Database from 'better-sqlite3'

/** A bot that was told to stop may need a moment. */
const LONGEST_WAIT_MS = 2_000

/**
 * Keeps a second bot out of a folder: both would send what waits. The lock goes with the process, however it ends. Gives what
 * lets go of it.
 *
 * @throws StoreError `busy`
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'bot.lock')
  const lock = new Database(path, { timeout: LONGEST_WAIT_MS })
  try {
    chmodSync(path, 0o600)
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { readonly code?: unknown }).code !== 'SQLITE_BUSY') throw error
    throw new StoreError('busy', `Another bot is at work in ${folder}`, { cause: error })
  }
  return () => lock.close()
}
