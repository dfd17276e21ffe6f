import type { ClaimRef } from '@executus/checkpoint'
import { StoreError } from '@executus/core/store-error'

import type { RunKey } from './bodies.ts'
import type { Journal } from './journal.ts'
import { HEAD, type RunRow } from './run-row.ts'

// What a claim must find to be the newest. By its number: a damaged index of ids leads to another run.
const HELD = `
  SELECT run_no, run_id, root_no, crash_streak, cancel_reason,
    ${HEAD} AS head,
    (SELECT root.crash_streak FROM runs AS root WHERE root.run_no = runs.root_no) AS root_streak
  FROM runs WHERE run_no = (SELECT run_no FROM runs WHERE run_id = ?) AND run_id = ? AND epoch = ? AND owner = ? AND status = 'running'`

export type HeldRun = RunKey &
  Pick<RunRow, 'root_no' | 'crash_streak' | 'cancel_reason' | 'head'> & {
    readonly root_streak: number | null
  }

/** @throws StoreError `fenced` when the claim is not this owner's, or not any more */
export function heldRun({ db, lock }: Journal, { runId, epoch }: ClaimRef): HeldRun {
  const run = db.prepare(HELD).get(runId, runId, epoch, lock.owner) as HeldRun | undefined
  if (run === undefined) throw new StoreError('fenced', `The record of ${runId} is not this owner’s any more`)
  return run
}
