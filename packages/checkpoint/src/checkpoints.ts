import {
  type ApprovalDecision,
  type Checkpointer,
  type CheckpointerFactory,
  type Clock,
  JournalError,
  type Outcome,
  type RunInfo,
  systemClock,
} from '@executus/core'
import { checkCount, checkKeys, checkPort, checkText, expected } from '@executus/core/check-option'

import { answerCancelled } from './answer-cancelled.ts'
import { JournalCheckpointer } from './journal-checkpointer.ts'
import { damageOf, journalErrorOf } from './journal-error.ts'
import type {
  Claim,
  ClaimRef,
  Delivered,
  JournalStore,
  ListQuery,
  RunRecord,
  RunSummary,
  Signal,
} from './journal-store.ts'
import { retryBusy } from './retry-busy.ts'
import { damagedCheckpointer, settledCheckpointer } from './settled-checkpointer.ts'

export interface CheckpointsOptions {
  /** A result of a call that is larger becomes an error. In bytes of JSON. @default 16 MiB */
  readonly maxResultBytes?: number
  /** So many crashes in a row without progress set a run aside as poisoned. @default 5 */
  readonly maxCrashStreak?: number
  /** So many crashes in all do. @default 50 */
  readonly maxCrashes?: number
  /** @default systemClock */
  readonly clock?: Clock
}

/** The records of runs: what an executor takes as its `checkpointer`, and what a host asks and tells about them. */
export interface Checkpoints extends CheckpointerFactory {
  /**
   * Brings what people decided about requests of a run, or of one below it: it goes to the root, which is taken up again by
   * `recoverRuns` or `executor.resume`. Gives what became of each; the first decision about a request counts. Rejects, as
   * all that follow, with `StoreError`.
   */
  deliver(runId: string, decisions: readonly ApprovalDecision[]): Promise<readonly Delivered[]>
  /** As `JournalStore.cancel`; what a delegated run had asked people is answered with a no, so that the root goes on. */
  cancel(runId: string, reason: string): Promise<boolean>
  /** As `JournalStore.find`. */
  find(runId: string): Promise<RunRecord | undefined>
  /** As `JournalStore.list`. */
  list(query: ListQuery): Promise<{ readonly runs: readonly RunSummary[]; readonly next?: string }>
  /** As `JournalStore.fork`. */
  fork(runId: string, upTo: number, newRunId: string): Promise<void>
  /** As `JournalStore.revive`. */
  revive(runId: string): Promise<boolean>
  /** As `JournalStore.sweep`. */
  sweep(query: { readonly settledBeforeMs: number; readonly limit: number }): Promise<number>
  /** Closes the store. To be called when the executor has shut down. */
  close(): Promise<void>
}

const DEFAULTS = {
  // Engines that a record may move to refuse 32 MiB, and a window holds less than this.
  maxResultBytes: 16 * 1024 * 1024,
  // With the rests between them, a run has had 13 minutes for its trouble to pass.
  maxCrashStreak: 5,
  // Progress ends a streak, but a run that crashes at every step must not go on for ever.
  maxCrashes: 50,
} as const

const METHODS = [
  ...['create', 'claim', 'append', 'read', 'park', 'release', 'settle', 'poison'],
  ...['deliver', 'cancel', 'find', 'list', 'fork', 'revive', 'sweep', 'close'],
]

/**
 * The records of runs in `store`.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const checkpoints = createCheckpoints(memoryJournalStore())
 * const executor = createExecutor({ ...fromEnv(), checkpointer: checkpoints })
 */
export function createCheckpoints(store: JournalStore, options: CheckpointsOptions = {}): Checkpoints {
  checkPort('store', store, METHODS)
  checkKeys('options', options, ['maxResultBytes', 'maxCrashStreak', 'maxCrashes', 'clock'])
  const config = { clock: systemClock, ...DEFAULTS, ...options }
  checkCount('options.maxResultBytes', config.maxResultBytes, 1)
  checkCount('options.maxCrashStreak', config.maxCrashStreak, 1)
  checkCount('options.maxCrashes', config.maxCrashes, 1)
  checkPort('options.clock', config.clock, ['now', 'after'])
  return new StoredCheckpoints(store, config)
}

/** A claim that could not be given back. */
interface Held extends ClaimRef {
  readonly parentRunId?: string | undefined
  /** What the run has come to, if it has. */
  readonly outcome?: Outcome
}

class StoredCheckpoints implements Checkpoints {
  readonly #store: JournalStore
  readonly #config: Required<CheckpointsOptions>
  /** Claims that could not be given back: no other owner may take them while this one lives. */
  readonly #held = new Map<string, Held>()

  constructor(store: JournalStore, config: Required<CheckpointsOptions>) {
    this.#store = store
    this.#config = config
  }

  async begin(info: RunInfo): Promise<Checkpointer> {
    const { runId } = info
    try {
      const made = await this.#ask(`Beginning the record of ${runId}`, () => this.#store.create({ runId, info }))
      if (made.created) {
        if (info.parentRunId !== undefined) await this.#refuseOrphan(made.claim, info.parentRunId)
        return this.#open(made.claim, [])
      }
    } catch (error) {
      if (info.parentRunId === undefined) void this.#closeUnheard(info).catch(() => {}) // it is no worse than before
      throw error
    }
    throw new JournalError('fenced', `There is a record of ${runId} already`)
  }

  /**
   * A root may go on without a record: one that was made all the same, its answer lost, must not be taken up one day, as all
   * would be done a second time. An earlier run of this id is another matter.
   */
  async #closeUnheard({ runId, startedAtMs }: RunInfo): Promise<void> {
    const record = await this.#store.find(runId)
    if (record?.head === 0 && record.info.startedAtMs === startedAtMs)
      await this.#store.cancel(runId, 'It went on without a record')
  }

  /**
   * Who was taken for dead may not have heard that the run above has ended, and nothing is to be begun below such a one. It
   * is looked for once the record is there: a run that ends later closes those below it.
   */
  async #refuseOrphan(claim: Claim, parentRunId: string): Promise<void> {
    const what = `Looking for ${parentRunId}`
    try {
      const above = await this.#ask(what, () => this.#store.find(parentRunId))
      if (above !== undefined && above.status !== 'settled') return
      await this.#ask(what, () =>
        this.#store.settle(claim, { status: 'cancelled', stopReason: 'cancelled', output: '' }),
      )
    } catch (error) {
      await this.#giveBack(claim).catch(() => {}) // what went wrong first is what the caller must know
      throw error
    }
    throw new JournalError('fenced', `${parentRunId}, above ${claim.runId}, has ended`)
  }

  async reopen(runId: string): Promise<Checkpointer | undefined> {
    const what = `Opening the record of ${runId}`
    await this.#giveBackHeld(runId)
    const [claim] = await this.#ask(what, () => this.#store.claim({ limit: 1, runId }))
    if (claim === undefined) return this.#ask(what, () => this.#openUnclaimed(runId))
    try {
      const why = this.#whyPoisoned(claim)
      if (why === undefined) return this.#open(claim, await this.#ask(what, () => this.#store.read(runId)))
      await this.#ask(what, () => this.#store.poison(claim, why))
      return undefined
    } catch (error) {
      await this.#giveBack(claim).catch(() => {}) // what went wrong first is what the caller must know
      const damage = damageOf(error)
      if (claim.info.parentRunId !== undefined && damage !== undefined) return damagedCheckpointer(claim.info, damage)
      throw error
    }
  }

  /**
   * A delegated run may have ended just before its parent crashed, which asks for it again; or be out of reach for now, and
   * then its parent must not take it for new.
   */
  async #openUnclaimed(runId: string): Promise<Checkpointer | undefined> {
    const record = await this.#store.find(runId)
    if (record?.parentRunId === undefined) return undefined
    const { status, info, outcome, reason = status } = record
    if (status === 'running') throw new JournalError('fenced', `${runId} is at work elsewhere`)
    if (status === 'quarantined') return damagedCheckpointer(info, reason)
    if (outcome === undefined) return status === 'settled' ? damagedCheckpointer(info, reason) : undefined
    try {
      return settledCheckpointer(info, await this.#store.read(runId), outcome)
    } catch (error) {
      const damage = damageOf(error)
      if (damage === undefined) throw error
      return damagedCheckpointer(info, damage)
    }
  }

  #open(claim: Claim, entries: Awaited<ReturnType<JournalStore['read']>>): Checkpointer {
    const { clock, maxResultBytes } = this.#config
    const { runId, epoch, info } = claim
    const onHeld = (outcome?: Outcome) =>
      this.#held.set(runId, { runId, epoch, parentRunId: info.parentRunId, ...(outcome !== undefined && { outcome }) })
    // What one below has come to is kept as that, and not as cancelled with its parent.
    const beforeSettle = async () => {
      for (const held of this.#held.values()) if (held.parentRunId === runId) await this.#giveBackHeld(held.runId)
    }
    return new JournalCheckpointer(this.#store, claim, entries, { clock, maxResultBytes, onHeld, beforeSettle })
  }

  /** A delegated run crashes with its root, and is judged with it. */
  #whyPoisoned({ info, crashStreak, crashes }: Claim): string | undefined {
    const { maxCrashStreak, maxCrashes } = this.#config
    if (info.parentRunId !== undefined) return undefined
    if (crashStreak >= maxCrashStreak) return `It crashed ${crashStreak} times in a row without progress`
    return crashes >= maxCrashes ? `It crashed ${crashes} times in all` : undefined
  }

  /** Gives back what could not be given back before, as the storage was in trouble. */
  async #giveBackHeld(runId: string): Promise<void> {
    const claim = this.#held.get(runId)
    if (claim !== undefined) await this.#giveBack(claim).catch(() => {}) // the claim tells
  }

  async #giveBack(claim: Held): Promise<void> {
    const { runId, epoch, outcome } = claim
    this.#held.set(runId, claim)
    try {
      await (outcome === undefined
        ? this.#store.release({ runId, epoch })
        : this.#store.settle({ runId, epoch }, outcome))
    } catch (error) {
      if (journalErrorOf('', error).code !== 'fenced') throw error
    }
    this.#held.delete(claim.runId)
  }

  async #ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await retryBusy(this.#config.clock, work)
    } catch (error) {
      throw journalErrorOf(what, error)
    }
  }

  async deliver(runId: string, decisions: readonly ApprovalDecision[]): Promise<readonly Delivered[]> {
    checkText('runId', runId)
    if (!Array.isArray(decisions)) throw expected('decisions', 'a list of decisions', decisions)
    const signals = (decisions as readonly ApprovalDecision[]).map((decision, index) => this.#signalOf(decision, index))
    const rootRunId = (await this.#store.find(runId))?.rootRunId ?? runId
    const delivered: Delivered[] = []
    for (const signal of signals) delivered.push(await this.#store.deliver(rootRunId, signal))
    return delivered
  }

  #signalOf(decision: ApprovalDecision, index: number): Signal {
    checkText(`decisions[${index}].id`, decision?.id)
    const { id, isApproved, note, by } = decision
    if (typeof isApproved !== 'boolean') throw expected(`decisions[${index}].isApproved`, 'a boolean', isApproved)
    const value = { isApproved, ...(note !== undefined && { note }), ...(by !== undefined && { by }) }
    return { name: id, id, value, atMs: this.#config.clock.now() }
  }

  async cancel(runId: string, reason: string): Promise<boolean> {
    const wasOpen = await this.#store.cancel(runId, reason)
    // Also when it had ended before: who cancelled it may have died before the next line.
    await answerCancelled(this.#store, runId, this.#config.clock.now())
    return wasOpen
  }

  find(runId: string): Promise<RunRecord | undefined> {
    return this.#store.find(runId)
  }

  async list(query: ListQuery): Promise<{ readonly runs: readonly RunSummary[]; readonly next?: string }> {
    for (const runId of this.#held.keys()) await this.#giveBackHeld(runId)
    return this.#store.list(query)
  }

  fork(runId: string, upTo: number, newRunId: string): Promise<void> {
    checkText('newRunId', newRunId)
    checkCount('upTo', upTo, 0)
    return this.#store.fork(runId, upTo, newRunId)
  }

  revive(runId: string): Promise<boolean> {
    return this.#store.revive(runId)
  }

  sweep(query: { readonly settledBeforeMs: number; readonly limit: number }): Promise<number> {
    return this.#store.sweep(query)
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}
