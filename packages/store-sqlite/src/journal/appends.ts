import { type Appended, type ClaimRef, isProgress } from '@executus/checkpoint'
import type { JournalEntry } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

import { addBodies } from './bodies.ts'
import { type Body, bodyOf } from './body.ts'
import { type HeldRun, heldRun } from './held-run.ts'
import { type Journal, nowOf } from './journal.ts'

const ADD_ONE = `
  INSERT INTO entries(run_no, seq, at, crc, body)
  SELECT run_no, ?, ?, ?, ? FROM runs
  WHERE run_no = ? AND epoch = ? AND owner = ? AND status = 'running' AND cancel_reason IS NULL`

/** Where a claimed run stands. Only its owner moves it, so what was written last is how it is. */
interface Place {
  readonly runNo: number
  readonly epoch: number
  readonly head: number
}

/**
 * Adds entries. Most appends are of one entry to a run of which nothing else is to be written or told: one statement
 * looks at the claim and adds it, which is a third cheaper than a transaction that looks first.
 */
export class Appends {
  readonly #journal: Journal
  readonly #write: Journal['db']['write']
  readonly #writeOne: Journal['db']['writeOne']
  /** Of runs without a crash streak, that nobody has cancelled. */
  readonly #places = new Map<string, Place>()

  constructor(journal: Journal, { write, writeOne }: Pick<Journal['db'], 'write' | 'writeOne'>) {
    this.#journal = journal
    this.#write = write
    this.#writeOne = writeOne
  }

  async append(claim: ClaimRef, entries: readonly JournalEntry[], expectHead: number): Promise<Appended> {
    const bodies = entries.map(bodyOf)
    const place = this.#places.get(claim.runId)
    // Until it is known what becomes of this append, nothing is.
    this.#places.delete(claim.runId)
    const isKnown = place !== undefined && place.epoch === claim.epoch && place.head === expectHead
    if (isKnown && bodies.length === 1) {
      const added = await this.#addOne(place, bodies[0]!)
      if (added !== undefined) {
        this.#places.set(claim.runId, added)
        return { head: added.head }
      }
    }
    const isProgressing = entries.some(isProgress)
    const { place: known, appended } = await this.#write(() => this.#add(claim, bodies, isProgressing, expectHead))
    if (known !== undefined) this.#places.set(claim.runId, known)
    return appended
  }

  /** Nothing more is to be added with the claim. */
  forget({ runId }: ClaimRef): void {
    this.#places.delete(runId)
  }

  /** `undefined`: the claim is void, or there is something to tell. */
  async #addOne({ runNo, epoch, head }: Place, { crc, body }: Body): Promise<Place | undefined> {
    const { db, lock } = this.#journal
    const { changes } = await this.#writeOne(() =>
      db.prepare(ADD_ONE).run(head + 1, nowOf(this.#journal), crc, body, runNo, epoch, lock.owner),
    )
    return Number(changes) === 0 ? undefined : { runNo, epoch, head: head + 1 }
  }

  #add(
    claim: ClaimRef,
    bodies: readonly Body[],
    isProgressing: boolean,
    expectHead: number,
  ): { readonly appended: Appended; readonly place?: Place } {
    const run = heldRun(this.#journal, claim)
    const before = run.head ?? 0
    const isThere = bodies.length > 0 && before === expectHead + bodies.length
    if (!isThere && before !== expectHead)
      throw new StoreError('fenced', `The record of ${run.run_id} is not where its owner left it`)
    if (!isThere) {
      addBodies(this.#journal, run.run_no, before, bodies)
      if (isProgressing) this.#endStreaks(run)
    }
    const head = isThere ? before : before + bodies.length
    const { cancel_reason: cancelReason } = run
    if (cancelReason !== null) return { appended: { head, cancelReason } }
    if (hasStreak(run)) return { appended: { head } }
    return { appended: { head }, place: { runNo: run.run_no, epoch: claim.epoch, head } }
  }

  #endStreaks(run: HeldRun): void {
    if (!hasStreak(run)) return
    const sql = 'UPDATE runs SET crash_streak = 0 WHERE run_no IN(?, ?)'
    this.#journal.db.prepare(sql).run(run.run_no, run.root_no ?? run.run_no)
  }
}

function hasStreak({ crash_streak: streak, root_streak: rootStreak }: HeldRun): boolean {
  return streak > 0 || (rootStreak ?? 0) > 0
}
