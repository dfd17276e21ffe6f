import { BlobFolder } from '../files/blob-folder.ts'
import { removeLoose } from '../files/blob-rows.ts'
import { bytesOfFamily, forgetFamily } from './family.ts'
import type { Journal } from './journal.ts'

/** Roots of one transaction, and bytes of what they say: others that write wait for it, and the log grows by as much. */
const BATCH = 20
const BATCH_BYTES = 4 * 1024 * 1024

/** Forgets some of the roots that were settled longest ago; gives how many, and 0 only when there are none. */
export function sweepBatch(journal: Journal, settledBeforeMs: number, limit: number): number {
  const { db } = journal
  removeLoose(db, new BlobFolder(db.path)) // what batches before this one have left
  const sql = `
    SELECT run_no FROM runs WHERE status = 'settled' AND parent_no IS NULL AND settled_at < ? ORDER BY settled_at LIMIT ?`
  const roots = db.prepare(sql).all(settledBeforeMs, Math.min(limit, BATCH)) as { readonly run_no: number }[]
  let [count, bytes] = [0, 0]
  for (const { run_no: runNo } of roots) {
    bytes += bytesOfFamily(journal, runNo)
    if (count > 0 && bytes > BATCH_BYTES) break
    forgetFamily(journal, runNo)
    count += 1
  }
  return count
}
