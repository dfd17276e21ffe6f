import type { SqliteDatabase } from '../sqlite-database.ts'

/** Trees of one transaction: others that write wait for it. */
export const SWEEP_BATCH = 20

/** Forgets a run and all below it, with their entries; gives how many runs. */
export function forgetAudits(db: Pick<SqliteDatabase, 'prepare'>, runId: string): number {
  return Number(db.prepare(FORGET_SQL).run(runId).changes)
}

export const FORGET_SQL = `
  WITH RECURSIVE below(id) AS (
    SELECT ?
    UNION
    SELECT run_id FROM below JOIN audit_runs ON parent_run_id = below.id
  )
  DELETE FROM audit_runs WHERE run_id IN (SELECT id FROM below)`

/** Forgets some of the trees that have been silent for longest; gives how many. */
export function sweepAudits(db: Pick<SqliteDatabase, 'prepare'>, endedBeforeMs: number, limit: number): number {
  const roots = db.prepare(SILENT_SQL).all(endedBeforeMs, Math.min(limit, SWEEP_BATCH)) as { readonly root: string }[]
  for (const { root } of roots) db.prepare('DELETE FROM audit_runs WHERE root_run_id = ?').run(root)
  return roots.length
}

/** The newest run of each tree, or, of several of one moment, the one that was made last. */
export const SILENT_SQL = `
  SELECT root_run_id AS root FROM audit_runs AS old
  WHERE updated_at < ? AND NOT EXISTS (
    SELECT 1 FROM audit_runs AS newer
    WHERE newer.root_run_id = old.root_run_id AND (newer.updated_at, newer.run_no) > (old.updated_at, old.run_no))
  ORDER BY updated_at LIMIT ?`
