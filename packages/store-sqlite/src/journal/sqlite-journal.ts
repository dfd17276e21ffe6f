import type {
  Appended,
  Claim,
  ClaimQuery,
  ClaimRef,
  Delivered,
  JournalStore,
  ListQuery,
  NewRun,
  RunRecord,
  RunSummary,
  Signal,
  StoredOutcome,
} from '@executus/checkpoint'
import type { Clock, JournalEntry } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

import { OwnerLock } from '../owner-lock.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'
import { Appends } from './appends.ts'
import { addBodies, quarantine, readEntries, readInfo } from './bodies.ts'
import { cancelFamily, settleFamily } from './family.ts'
import { findClaimableRun, findRun, findRuns, isAbandoned } from './find-runs.ts'
import { type HeldRun, heldRun } from './held-run.ts'
import type { Journal } from './journal.ts'
import { makeRun } from './make-run.ts'
import { HEAD, type RunRow, summaryOf } from './run-row.ts'
import { addSignal, signalsOf } from './signals.ts'
import { sweepBatch } from './sweep-batch.ts'
import { takeRun } from './take-run.ts'

/** A journal in a file that is open, as a new owner. Takes its lock; throws what `OwnerLock.take` throws. */
export function openJournal(db: SqliteDatabase, clock: Clock, isDatabaseOurs: boolean): SqliteJournal {
  return new SqliteJournal({ db, clock, lock: OwnerLock.take(`${db.path}.owners`) }, isDatabaseOurs)
}

/** Ends a claim. */
const GIVE_BACK = `UPDATE runs SET owner = NULL, least_head = ${HEAD},`

/** Each method is one transaction: a claim is looked at in the same one that writes. */
export class SqliteJournal implements JournalStore {
  readonly journal: Journal
  readonly #isDatabaseOurs: boolean
  readonly #appends: Appends
  #closing: Promise<void> | undefined

  constructor(journal: Journal, isDatabaseOurs: boolean) {
    this.journal = journal
    this.#isDatabaseOurs = isDatabaseOurs
    this.#appends = new Appends(journal, {
      write: (work) => this.#write(work),
      writeOne: (work) => journal.db.writeOne(() => this.#whenOpen(work)),
    })
  }

  create({
    runId,
    info,
  }: NewRun): Promise<{ readonly created: true; readonly claim: Claim } | { readonly created: false }> {
    return this.#write(() => {
      if (findRun(this.journal, runId) !== undefined) return { created: false }
      makeRun(this.journal, { runId, info })
      const claim = takeRun(this.journal, this.#existing(runId))
      if (claim === undefined) throw new StoreError('corrupt', `The info of ${runId} was damaged as it was written`)
      return { created: true, claim }
    })
  }

  claim({ limit, runId, rootsOnly = false }: ClaimQuery): Promise<readonly Claim[]> {
    return this.#write(() => {
      if (limit <= 0) return []
      const rows =
        runId === undefined
          ? findRuns(this.journal, { limit, rootsOnly, claimableOnly: true, afterNo: 0 })
          : findClaimableRun(this.journal, { limit, runId, rootsOnly })
      return rows.flatMap((row) => takeRun(this.journal, row) ?? [])
    })
  }

  append(
    claim: ClaimRef,
    entries: readonly JournalEntry[],
    { expectHead }: { readonly expectHead: number },
  ): Promise<Appended> {
    return this.#appends.append(claim, entries, expectHead)
  }

  async read(runId: string): Promise<readonly JournalEntry[]> {
    return this.#orQuarantine(runId, () =>
      readEntries(this.journal, this.#existing(runId), Number.POSITIVE_INFINITY).map(({ value }) => value),
    )
  }

  park(claim: ClaimRef, waits: readonly string[]): Promise<readonly Signal[] | 'parked'> {
    return this.#write(() => {
      const run = this.#ending(claim)
      const signals = signalsOf(this.journal, run, waits)
      // One that is to be cancelled would wait for nothing.
      if (signals.length > 0 || run.cancel_reason !== null) return signals
      this.#run(
        `${GIVE_BACK} status = 'waiting', waits = ?, crash_streak = 0 WHERE run_no = ?`,
        JSON.stringify(waits),
        run.run_no,
      )
      return 'parked'
    })
  }

  release(claim: ClaimRef): Promise<void> {
    return this.#write(() => {
      const { run_no: runNo } = this.#ending(claim)
      this.#run(`${GIVE_BACK} status = 'released', crash_streak = 0 WHERE run_no = ?`, runNo)
    })
  }

  settle(claim: ClaimRef, outcome: StoredOutcome): Promise<void> {
    return this.#write(() => settleFamily(this.journal, this.#ending(claim).run_no, outcome))
  }

  poison(claim: ClaimRef, reason: string): Promise<void> {
    return this.#write(() => {
      const { run_no: runNo } = this.#ending(claim)
      this.#run(`${GIVE_BACK} status = 'poisoned', reason = ? WHERE run_no = ?`, reason, runNo)
    })
  }

  deliver(runId: string, signal: Signal): Promise<Delivered> {
    return this.#write(() => {
      const run = findRun(this.journal, runId)
      if (run === undefined) return 'no-such-run'
      return run.status === 'settled' ? 'closed' : addSignal(this.journal, run, signal)
    })
  }

  cancel(runId: string, reason: string): Promise<boolean> {
    return this.#write(() => {
      const run = findRun(this.journal, runId)
      if (run === undefined || run.status === 'settled') return false
      if (run.status === 'running' && !isAbandoned(this.journal, run)) cancelFamily(this.journal, run.run_no, reason)
      else
        settleFamily(this.journal, run.run_no, {
          status: 'cancelled',
          stopReason: 'cancelled',
          output: '',
          error: reason,
        })
      return true
    })
  }

  async find(runId: string): Promise<RunRecord | undefined> {
    return this.#orQuarantine(runId, () => {
      const row = findRun(this.journal, runId)
      return row && { ...summaryOf(row), info: readInfo(this.journal, row) }
    })
  }

  async list({
    limit,
    after,
    ...query
  }: ListQuery): Promise<{ readonly runs: readonly RunSummary[]; readonly next?: string }> {
    const afterNo = after === undefined ? 0 : Number(after)
    if (!Number.isSafeInteger(afterNo)) throw new RangeError('Expected `after` to be the `next` of a page')
    return this.#read(() => {
      const rows = findRuns(this.journal, { ...query, limit: limit + 1, afterNo })
      const runs = rows.slice(0, limit)
      const next = rows.length > limit ? String(runs.at(-1)?.run_no ?? afterNo) : undefined
      return { runs: runs.map(summaryOf), ...(next !== undefined && { next }) }
    })
  }

  fork(runId: string, upTo: number, newRunId: string): Promise<void> {
    return this.#write(() => {
      const source = this.#existing(runId)
      if (findRun(this.journal, newRunId) !== undefined)
        throw new StoreError('exists', `There is a record of ${newRunId} already`)
      const bodies = readEntries(this.journal, source, upTo)
      const { parentRunId: _, ...info } = readInfo(this.journal, source)
      const runNo = makeRun(this.journal, {
        runId: newRunId,
        info: { ...info, runId: newRunId, rootRunId: newRunId },
      })
      addBodies(this.journal, runNo, 0, bodies)
    })
  }

  revive(runId: string): Promise<boolean> {
    return this.#write(() => {
      const sql = `
        UPDATE runs SET status = 'released', reason = NULL, crashes = 0, crash_streak = 0
        WHERE run_no = ? AND status IN('poisoned', 'quarantined')`
      const run = findRun(this.journal, runId)
      return run !== undefined && this.#run(sql, run.run_no) > 0
    })
  }

  async sweep({
    settledBeforeMs,
    limit,
  }: {
    readonly settledBeforeMs: number
    readonly limit: number
  }): Promise<number> {
    let swept = 0
    while (swept < limit) {
      const count = await this.#write(() => sweepBatch(this.journal, settledBeforeMs, limit - swept))
      if (count === 0) break
      swept += count
    }
    return swept
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { db, lock } = this.journal
    const sql = `${GIVE_BACK} status = 'released', crash_streak = 0 WHERE owner = ?`
    try {
      await db.write(() => db.prepare(sql).run(lock.owner))
    } finally {
      lock.release()
      if (this.#isDatabaseOurs) await db.close()
    }
  }

  #write<T>(work: () => T): Promise<T> {
    return this.journal.db.write(() => this.#whenOpen(work))
  }

  #read<T>(work: () => T): Promise<T> {
    return this.journal.db.read(() => this.#whenOpen(work))
  }

  #whenOpen<T>(work: () => T): T {
    if (this.#closing !== undefined) throw new StoreError('closed', 'The store is closed')
    return work()
  }

  /** Reads; when what it reads is damaged, the run is set aside. */
  async #orQuarantine<T>(runId: string, work: () => T): Promise<T> {
    try {
      return await this.#read(work)
    } catch (error) {
      if (StoreError.is(error) && error.code === 'corrupt')
        await this.#write(() => quarantine(this.journal, this.#existing(runId), error.message))
      throw error
    }
  }

  #run(sql: string, ...values: readonly (string | number)[]): number {
    return Number(this.journal.db.prepare(sql).run(...values).changes)
  }

  /** A claim that is given back with this. */
  #ending(claim: ClaimRef): HeldRun {
    this.#appends.forget(claim)
    return heldRun(this.journal, claim)
  }

  #existing(runId: string): RunRow {
    const run = findRun(this.journal, runId)
    if (run === undefined) throw new StoreError('not-found', `There is no record of ${runId}`)
    return run
  }
}
