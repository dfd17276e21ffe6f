import type { DueWork, Look } from './due-work.ts'
import type { FiringReport } from './firing-report.ts'

/**
 * Does all that is due by `look.nowMs`, and resolves when it has ended, with what came of each in the order of their
 * beginning. Rejects with `StoreError`, when what it had begun has ended.
 */
export async function tickOnce(work: DueWork, look: Omit<Look, 'began'>): Promise<readonly FiringReport[]> {
  const reports: Promise<FiringReport>[] = []
  const open = new Set<Promise<FiringReport>>()
  let ended = 0
  const began = (report: Promise<FiringReport>) => {
    reports.push(report)
    open.add(report)
    void report.then(() => {
      open.delete(report)
      ended += 1
    })
  }
  try {
    while (!look.stop.aborted) {
      const endedBefore = ended
      if ((await work.begin({ ...look, began })) > 0) continue
      // What ends may be followed by another of its job, and another tick may hold all places.
      if (ended > endedBefore) continue
      if (open.size > 0) await Promise.race([...open, work.placeFrees()])
      else if (work.isFull) await work.placeFrees()
      else break
    }
  } finally {
    await Promise.all(reports)
  }
  return Promise.all(reports)
}
