import type { UserPart } from '@executus/llm'

import { checkKeys, checkOneOf } from '../check-option.ts'
import type { RunEvent, RunEventName, RunEventOf } from '../event.ts'
import { userMessageOf } from '../input.ts'
import type { RunResult } from '../result.ts'
import type { SteerReceipt } from './mailbox.ts'
import { cancelled } from './run-stop.ts'
import { extendRun, type RunHead } from './run.ts'

/** A run that is under way. Not a promise itself: await its `result`. */
export interface RunHandle<Value = unknown> {
  readonly id: string
  /** Settles when the run has ended, however it did; never rejects. */
  readonly result: Promise<RunResult<Value>>
  /**
   * The run's events, to its end. Begins with the past ones from number `from` on (default: all); the deltas of steps
   * that have ended are not among them. Any number of readers may read; leaving one does not touch the run.
   */
  events(options?: { readonly from?: number }): AsyncIterable<RunEvent>
  /** Calls `listener` at each event of that name from now on. The returned function ends it. */
  on<Name extends RunEventName>(name: Name, listener: (event: RunEventOf<Name>) => unknown): () => void
  /**
   * Says something into the running conversation; it is seen at the next step. Settles with whether and when.
   *
   * @throws TypeError or RangeError when `content` is no message
   */
  steer(content: string | readonly UserPart[]): Promise<SteerReceipt>
  /**
   * Lets the run take more steps, or more time, than its limits say. Says whether it was still there to take them.
   *
   * @throws TypeError or RangeError when they are no counts
   */
  extend(more: { readonly steps?: number; readonly timeMs?: number }): boolean
  /**
   * Ends the run as `cancelled`; what it wrote so far is in its result. `at: 'safe-point'` lets the step that is under way
   * end first, its tools included. @default at 'now'
   */
  abort(reason?: unknown, options?: { readonly at?: 'now' | 'safe-point' }): void
  /** Ends the run if it is still under way, and waits for its result. */
  [Symbol.asyncDispose](): Promise<void>
}

export function createRunHandle<Value>(run: RunHead, result: Promise<RunResult<Value>>): RunHandle<Value> {
  return new Handle(run, result)
}

/** A class: runs by the thousand share its methods. */
class Handle<Value> implements RunHandle<Value> {
  readonly #run: RunHead
  readonly result: Promise<RunResult<Value>>

  constructor(run: RunHead, result: Promise<RunResult<Value>>) {
    this.#run = run
    this.result = result
  }

  get id(): string {
    return this.#run.id
  }

  events({ from = 1 }: { readonly from?: number } = {}): AsyncIterable<RunEvent> {
    return this.#run.events.read(from)
  }

  on<Name extends RunEventName>(name: Name, listener: (event: RunEventOf<Name>) => unknown): () => void {
    return this.#run.events.on(name, listener)
  }

  steer(content: string | readonly UserPart[]): Promise<SteerReceipt> {
    return this.#run.mailbox.post(userMessageOf(content, 'content'))
  }

  extend(more: { readonly steps?: number; readonly timeMs?: number }): boolean {
    return extendRun(this.#run, more)
  }

  abort(reason?: unknown, options: { readonly at?: 'now' | 'safe-point' } = {}): void {
    checkKeys('abort', options, ['at'])
    const { at = 'now' } = options
    checkOneOf('abort.at', at, ['now', 'safe-point'])
    if (at === 'now') this.#run.stop.stop(cancelled(reason))
    else this.#run.stop.stopAtSafePoint(cancelled(reason))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort('its handle was disposed of')
    await this.result
  }
}
