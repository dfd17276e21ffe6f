import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'

import { type Clock, systemClock } from '@executus/core'

import { AGENTS } from './agents.ts'

/** The ids of so many runs, of every kind in turn. */
export function runIdsOf(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `r${String(index).padStart(2, '0')}-${AGENTS[index % AGENTS.length]!.name}`,
  )
}

/** A millisecond is ten seconds: the rests after crashes are over at once. The same for all who share a base. */
export function fastClock(baseMs: number): Clock {
  return { ...systemClock, now: () => baseMs + (Date.now() - baseMs) * 10_000 }
}

const folders = new Set<string>()

/** A folder for one file and those beside it. */
export function newFolder(): string {
  const folder = mkdtempSync(`${realpathSync(tmpdir())}/torture-`)
  folders.add(folder)
  return folder
}

export function clearFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) // who was killed a moment ago may still make a file
  folders.delete(folder)
}

export function clearFolders(): void {
  for (const folder of folders) clearFolder(folder)
}
