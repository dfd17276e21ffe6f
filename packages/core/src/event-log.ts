import type { Clock } from '@executus/llm'
import { EventEmitter } from 'eventemitter3'

import { EventTape } from './event-tape.ts'
import type { RunEvent, RunEventBody, RunEventName, RunEventOf } from './event.ts'
import type { Logger } from './logger.ts'

/**
 * The events of one run, for any number of readers: listeners hear each as it happens, and an iteration begins anywhere.
 * Neither can slow the run or break it. When a step ends its deltas are forgotten, as `step-end` holds the whole message;
 * an iteration that is behind still gets them.
 */
export class EventLog {
  readonly #runId: string
  readonly #clock: Clock
  readonly #logger: Logger
  #emitter: EventEmitter<Record<RunEventName, [RunEvent]>> | undefined
  #watchers: readonly ((event: RunEvent) => void)[] = NO_ONE
  readonly #kept = new EventTape()
  #deltas: EventTape | undefined
  /** What readers have yet to see; there is none while nobody reads. */
  #newest: Link | undefined
  #readers = 0
  #seq = 0
  #isClosed = false
  #wakers: (() => void)[] | undefined

  constructor(runId: string, clock: Clock, logger: Logger) {
    this.#runId = runId
    this.#clock = clock
    this.#logger = logger
  }

  append(body: RunEventBody): void {
    // What a stop left behind may still come to its end.
    if (this.#isClosed) return
    this.#seq += 1
    const seq = this.#seq
    const atMs = this.#clock.now()
    const { type } = body
    if (type === 'step-end' || type === 'attempt-discarded') this.#deltas = undefined
    if (type === 'text-delta' || type === 'reasoning-delta') (this.#deltas ??= new EventTape()).push(body, seq, atMs)
    else this.#kept.push(body, seq, atMs)
    if (type === 'run-end') this.#isClosed = true
    // Most events are heard by nobody, and are made out only when somebody asks.
    const isHeard = this.#readers > 0 || this.#watchers.length > 0 || (this.#emitter?.listenerCount(type) ?? 0) > 0
    if (isHeard) this.#tell({ ...body, seq, runId: this.#runId, atMs })
  }

  #tell(event: RunEvent): void {
    if (this.#newest !== undefined) this.#newest = this.#newest.next = { event, next: undefined }
    this.#emitter?.emit(event.type, event)
    for (const watcher of this.#watchers) watcher(event)
    this.#wake()
  }

  /** Calls `listener` at each event of that name from now on; the returned function ends it. What it throws is logged. */
  on<Name extends RunEventName>(name: Name, listener: (event: RunEventOf<Name>) => unknown): () => void {
    const guarded = this.#guarded(`a listener for ${name}`, listener as (event: RunEvent) => unknown)
    const emitter = (this.#emitter ??= new EventEmitter())
    emitter.on(name, guarded)
    return () => {
      emitter.off(name, guarded)
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
    const past = [...this.#kept.events(this.#runId, from), ...(this.#deltas?.events(this.#runId, from) ?? [])]
    let link = (this.#newest ??= { event: undefined, next: undefined })
    this.#readers += 1
    try {
      yield* past.toSorted((a, b) => a.seq - b.seq)
      for (;;) {
        const { next } = link
        if (next !== undefined) {
          link = next
          if (next.event !== undefined && next.event.seq >= from) yield next.event
        } else if (this.#isClosed) {
          return
        } else {
          await new Promise<void>((resolve) => (this.#wakers ??= []).push(resolve))
        }
      }
    } finally {
      this.#readers -= 1
      if (this.#readers === 0) this.#newest = undefined
    }
  }

  #wake(): void {
    const wakers = this.#wakers
    if (wakers === undefined) return
    this.#wakers = undefined
    for (const wake of wakers) wake()
  }
}

const NO_ONE: readonly ((event: RunEvent) => void)[] = []

/** A reader holds its own place in the chain, and what all readers have passed is collected. */
interface Link {
  readonly event: RunEvent | undefined
  next: Link | undefined
}
