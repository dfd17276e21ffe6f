import { EventEmitter } from 'eventemitter3'

import type { RunEvent, RunEventBody, RunEventName, RunEventOf } from './event.ts'
import type { Logger } from './logger.ts'

/**
 * The events of one run, for any number of readers: listeners hear each as it happens, and an iteration begins anywhere.
 * Neither can slow the run or break it. When a step ends its deltas are forgotten, as `step-end` holds the whole message;
 * an iteration that is behind still gets them.
 */
export class EventLog {
  readonly #runId: string
  readonly #now: () => number
  readonly #logger: Logger
  readonly #emitter = new EventEmitter<Record<RunEventName, [RunEvent]>>()
  #watchers: readonly ((event: RunEvent) => void)[] = []
  #kept: RunEvent[] = []
  #deltas: RunEvent[] = []
  #newest: Link = { event: undefined, next: undefined }
  #seq = 0
  #isClosed = false
  #wakers: (() => void)[] = []

  constructor(runId: string, now: () => number, logger: Logger) {
    this.#runId = runId
    this.#now = now
    this.#logger = logger
  }

  append(body: RunEventBody): void {
    this.#seq += 1
    const event: RunEvent = { ...body, seq: this.#seq, runId: this.#runId, atMs: this.#now() }
    const isDelta = event.type === 'text-delta' || event.type === 'reasoning-delta'
    if (event.type === 'step-end' || event.type === 'attempt-discarded') this.#deltas = []
    ;(isDelta ? this.#deltas : this.#kept).push(event)
    if (event.type === 'run-end') this.#isClosed = true
    this.#newest = this.#newest.next = { event, next: undefined }
    this.#emitter.emit(event.type, event)
    for (const watcher of this.#watchers) watcher(event)
    this.#wake()
  }

  /** Calls `listener` at each event of that name from now on; the returned function ends it. What it throws is logged. */
  on<Name extends RunEventName>(name: Name, listener: (event: RunEventOf<Name>) => unknown): () => void {
    const guarded = this.#guarded(`a listener for ${name}`, listener as (event: RunEvent) => unknown)
    this.#emitter.on(name, guarded)
    return () => {
      this.#emitter.off(name, guarded)
    }
  }

  /** Calls `watcher` at every event from now on. What it throws is logged. */
  watch(what: string, watcher: (event: RunEvent) => unknown): void {
    this.#watchers = [...this.#watchers, this.#guarded(what, watcher)]
  }

  #guarded(what: string, listener: (event: RunEvent) => unknown): (event: RunEvent) => void {
    const complain = (error: unknown) => this.#logger.error(`${what} of run ${this.#runId} failed`, error)
    return (event) => {
      try {
        // A listener may be an async function; its rejection must not end the process.
        const returned = listener(event)
        if (returned instanceof Promise) returned.catch(complain)
      } catch (error) {
        complain(error)
      }
    }
  }

  /** The events from number `from` on, past ones first, to the end of the run. */
  async *read(from: number): AsyncGenerator<RunEvent, void, undefined> {
    let link = this.#newest
    const past = [...this.#kept, ...this.#deltas].filter((event) => event.seq >= from)
    yield* past.toSorted((a, b) => a.seq - b.seq)
    for (;;) {
      const { next } = link
      if (next !== undefined) {
        link = next
        if (next.event !== undefined && next.event.seq >= from) yield next.event
      } else if (this.#isClosed) {
        return
      } else {
        await new Promise<void>((resolve) => this.#wakers.push(resolve))
      }
    }
  }

  #wake(): void {
    if (this.#wakers.length === 0) return
    const wakers = this.#wakers
    this.#wakers = []
    for (const wake of wakers) wake()
  }
}

/** A reader holds its own place in the chain, and what all readers have passed is collected. */
interface Link {
  readonly event: RunEvent | undefined
  next: Link | undefined
}
