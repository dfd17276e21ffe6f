import type { SqliteDatabase } from '../sqlite-database.ts'

/** Files of one transaction, each of up to 1 MiB: others that write wait for it, and the log grows by as much. */
const BATCH = 20

/** Forgets some files of a run; gives how many. */
export function forgetRun(db: SqliteDatabase, runId: string): number {
  const sql = 'DELETE FROM files WHERE file_no IN (SELECT file_no FROM files WHERE run_id = ? LIMIT ?)'
  return Number(db.prepare(sql).run(runId, BATCH).changes)
}

/** A place among the files, by their age. */
export interface Place {
  readonly saved_at: number
  readonly file_no: number
}

export const OLDEST: Place = { saved_at: Number.NEGATIVE_INFINITY, file_no: 0 }

export interface Forgotten {
  readonly count: number
  /** Where to go on; absent when no older file is left. */
  readonly next?: Place
}

/** A run that is not over may still ask for its files, and for those of the runs below it. */
const OLD = `
  SELECT file_no, saved_at, EXISTS (
    SELECT 1 FROM runs JOIN runs AS root ON root.run_no = coalesce(runs.root_no, runs.run_no)
    WHERE runs.run_id = files.run_id AND root.status <> 'settled') AS is_needed
  FROM files WHERE (saved_at, file_no) > (?, ?) AND saved_at < ? ORDER BY saved_at, file_no LIMIT ?`

/** Forgets some of the files that were saved before `savedBeforeMs`, but those of runs that are kept here and not settled. */
export function forgetOld(
  db: SqliteDatabase,
  { savedBeforeMs, from, limit }: { readonly savedBeforeMs: number; readonly from: Place; readonly limit: number },
): Forgotten {
  const places = db.prepare(OLD).all(from.saved_at, from.file_no, savedBeforeMs, BATCH) as (Place & IsNeeded)[]
  const free = places.filter((place) => place.is_needed === 0).slice(0, limit)
  for (const { file_no: fileNo } of free) db.prepare('DELETE FROM files WHERE file_no = ?').run(fileNo)
  const next = places.length < BATCH ? undefined : places.at(-1)
  return { count: free.length, ...(next !== undefined && { next }) }
}

interface IsNeeded {
  readonly is_needed: number
}
