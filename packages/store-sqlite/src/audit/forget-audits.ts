import type { SqliteDatabase } from '../sqlite-database.ts'
import { FORGET_SQL, SILENT_SQL } from './forget-sql.ts'

/** Trees of one transaction: others that write wait for it. */
export const SWEEP_BATCH = 20

/** Forgets a run and all below it, with their entries; gives how many runs. */
export function forgetAudits(db: Pick<SqliteDatabase, 'prepare'>, runId: string): number {
  return Number(db.prepare(FORGET_SQL).run(runId).changes)
}

/** Forgets some of the trees that have been silent for longest; gives how many. */
export function sweepAudits(db: Pick<SqliteDatabase, 'prepare'>, endedBeforeMs: number, limit: number): number {
  const roots = db.prepare(SILENT_SQL).all(endedBeforeMs, Math.min(limit, SWEEP_BATCH)) as { readonly root: string }[]
  for (const { root } of roots) db.prepare('DELETE FROM audit_runs WHERE root_run_id = ?').run(root)
  return roots.length
}
