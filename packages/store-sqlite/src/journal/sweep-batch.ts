import { forgetFamily } from './family.ts'
import type { Journal } from './journal.ts'

/** Roots of one transaction: others that write wait for it. */
const BATCH = 20

/** Forgets some of the roots that were settled longest ago; gives how many. */
export function sweepBatch(journal: Journal, settledBeforeMs: number, limit: number): number {
  const { db } = journal
  const sql = `
    SELECT run_no FROM runs WHERE status = 'settled' AND parent_no IS NULL AND settled_at < ? ORDER BY settled_at LIMIT ?`
  const roots = db.prepare(sql).all(settledBeforeMs, Math.min(limit, BATCH)) as { readonly run_no: number }[]
  for (const { run_no: runNo } of roots) forgetFamily(journal, runNo)
  return roots.length
}
