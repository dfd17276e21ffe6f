import { randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { StoreError } from '@executus/core/store-error'

import { driverFor } from './connect.ts'
import { createFile } from './prepare-file.ts'
import type { SqliteDriver } from './sqlite-database.ts'
import { codeOf } from './store-error-of.ts'

const OWNER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const SUFFIX = '.lock'
const TRIES = 5

/** Looking costs 0.1 ms each; what is left over is looked at the next time. */
const MOST_LOOKED_AT = 200

/**
 * Says that an owner lives, by a lock that the system takes away when the process ends, however it ends. No clock is
 * asked: a process that was stopped for an hour lives. Each owner has a file `<owner>.lock` of its own, which is an empty
 * SQLite database; SQLite knows how to lock a file twice in one process, which the file system by itself does not.
 */
export class OwnerLock {
  /** A random UUID. */
  readonly owner: string
  readonly #folder: string
  // A connection that nobody holds is collected, and its lock with it.
  readonly #driver: SqliteDriver
  readonly #dead = new Set<string>()

  private constructor(folder: string, owner: string, driver: SqliteDriver) {
    this.#folder = folder
    this.owner = owner
    this.#driver = driver
  }

  /**
   * A new owner in this folder, which is made if it is missing; files that dead owners left there are removed.
   *
   * @throws StoreError `io`, or the driver's or file system's error
   */
  static take(folder: string): OwnerLock {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (let tries = 0; tries < TRIES; tries += 1) {
      const owner = randomUUID()
      const driver = lockNew(join(folder, `${owner}${SUFFIX}`))
      if (driver === undefined) continue
      const lock = new OwnerLock(folder, owner, driver)
      lock.#tidy()
      return lock
    }
    throw new StoreError('io', 'The lock of this owner was taken away each time')
  }

  /** Whether an owner is dead for certain; it will be for ever. One that cannot be looked at counts as alive. */
  isDead(owner: string): boolean {
    if (owner === this.owner) return false
    if (this.#dead.has(owner)) return true
    const isDead = !OWNER.test(owner) || isFree(join(this.#folder, `${owner}${SUFFIX}`))
    if (isDead) this.#dead.add(owner)
    return isDead
  }

  /** Ends this owner. */
  release(): void {
    remove(join(this.#folder, `${this.owner}${SUFFIX}`))
    this.#driver.close()
    if (process.platform === 'win32') remove(join(this.#folder, `${this.owner}${SUFFIX}`)) // only now it may be
  }

  #tidy(): void {
    const names = readdirSync(this.#folder).filter((name) => name.endsWith(SUFFIX))
    for (const name of names.slice(0, MOST_LOOKED_AT)) this.isDead(name.slice(0, -SUFFIX.length))
  }
}

/** `undefined` when somebody took the new file for a dead owner's before it was locked. */
function lockNew(path: string): SqliteDriver | undefined {
  if (!createFile(path)) return undefined
  const driver = driverFor(path, { timeout: 0 })
  try {
    lockFile(driver)
    // Who removes a file holds its lock; so a file that is there now stays.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return driver
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_BUSY') {
      driver.close()
      throw error
    }
  }
  driver.close()
  return undefined
}

/** Whether nobody holds the lock; its file is removed then. */
function isFree(path: string): boolean {
  let driver: SqliteDriver
  try {
    driver = driverFor(path, { timeout: 0 })
  } catch {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  }
  try {
    lockFile(driver)
  } catch (error) {
    driver.close()
    return codeOf(error) === 'SQLITE_NOTADB' // to see that, one must have passed the lock
  }
  remove(path)
  driver.close()
  if (process.platform === 'win32') remove(path)
  return true
}

function lockFile(driver: SqliteDriver): void {
  driver.exec('PRAGMA journal_mode = MEMORY') // no second file
  driver.exec('BEGIN EXCLUSIVE')
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Windows removes no open file, and a lock that is free does no harm.
  }
}
