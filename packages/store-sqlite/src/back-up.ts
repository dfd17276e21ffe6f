import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'

import { createFile } from './prepare-file.ts'
import type { SqliteDriver } from './sqlite-database.ts'

/** Copies an open file as it is at this moment to `<path>.v<version>.backup`, for its owner alone; gives the copy's path. */
export function backUp(driver: SqliteDriver, path: string, version: number): string {
  const backup = freshName(`${path}.v${version}`)
  try {
    driver.prepare('VACUUM INTO ?').run(backup) // takes an empty file, and keeps its mode
    sync(backup)
    return backup
  } catch (error) {
    rmSync(backup, { force: true })
    throw error
  }
}

function freshName(stem: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}.backup`
    if (createFile(name)) return name
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
