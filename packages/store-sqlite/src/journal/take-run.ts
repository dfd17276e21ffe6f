import type { Claim } from '@executus/checkpoint'
import { StoreError } from '@executus/core/store-error'

import { checkLength, quarantine, readInfo, readSignals } from './bodies.ts'
import { isAbandoned } from './find-runs.ts'
import { type Journal, nowOf } from './journal.ts'
import type { RunRow } from './run-row.ts'
import { damageOf } from './run-seal.ts'

const TAKE = `
  UPDATE runs SET status = 'running', owner = ?, epoch = ?, claimed_at = ?, least_head = ?, crashes = ?, crash_streak = ?, waits = NULL
  WHERE run_no = ?`

/** Claims a run that may be taken; `undefined` when it is damaged, and then it is set aside. */
export function takeRun(journal: Journal, row: RunRow): Claim | undefined {
  const crash = isAbandoned(journal, row) ? 1 : 0
  try {
    if (damageOf(row) !== undefined) throw new StoreError('corrupt', `The row of ${row.run_id} is damaged`)
    const claim: Claim = {
      runId: row.run_id,
      epoch: row.epoch + 1,
      info: readInfo(journal, row),
      head: row.head ?? 0,
      signals: readSignals(journal, row),
      crashStreak: row.crash_streak + crash,
      crashes: row.crashes + crash,
      ...(row.cancel_reason !== null && { cancelReason: row.cancel_reason }),
    }
    const { epoch, head, crashes, crashStreak } = claim
    checkLength(row, head, Number.POSITIVE_INFINITY)
    journal.db.prepare(TAKE).run(journal.lock.owner, epoch, nowOf(journal), head, crashes, crashStreak, row.run_no)
    return claim
  } catch (error) {
    if (!StoreError.is(error) || error.code !== 'corrupt') throw error
    quarantine(journal, row, error.message)
    return undefined
  }
}
