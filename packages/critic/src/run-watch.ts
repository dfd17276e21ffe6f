import type { CriticWatch, RunEvent, WatchedRun } from '@executus/core'

import { ActivityWatch } from './activity.ts'
import { Allowance } from './allowance.ts'
import { type Answer, Asking } from './asking.ts'
import type { CriticConfig } from './critic-options.ts'
import type { Wake, WakeCause } from './escalator.ts'
import { Patterns } from './patterns/patterns.ts'
import { RecentEvents } from './recent-events.ts'
import { Silence } from './silence.ts'
import { readVerdict } from './verdict.ts'

/** Watches one run: one timer, which is not touched by events. */
export class RunWatch implements CriticWatch {
  readonly #run: WatchedRun
  readonly #config: CriticConfig
  readonly #onEnd: () => void
  readonly #silence: Silence
  readonly #allowance: Allowance
  readonly #activity = new ActivityWatch()
  readonly #recent = new RecentEvents()
  readonly #patterns: Patterns | undefined
  #events = 0
  #runsBelow = 0
  #asking: Asking | undefined
  #cancelTimer = () => {}
  #isOver = false

  constructor(run: WatchedRun, isResumed: boolean, config: CriticConfig, onEnd: () => void) {
    this.#run = run
    this.#config = config
    this.#onEnd = onEnd
    this.#silence = new Silence(config.idleMs)
    this.#allowance = new Allowance(run, isResumed, config)
    this.#patterns = config.patterns && new Patterns(config.patterns)
  }

  begin(): void {
    if (this.#workLeftMs() <= 0) this.#kill(this.#tooLong())
    else this.#arm(this.#nowMs())
  }

  /** A run below this one has begun, or ended: while there is one, it is looked after in place of this one. */
  below(change: 1 | -1): void {
    this.#runsBelow += change
  }

  event(event: RunEvent): void {
    if (this.#isOver) return
    this.#events += 1
    // What is announced is no silence: the model is asked again after this time.
    const nowMs = this.#nowMs()
    this.#silence.heard(nowMs, event.type === 'attempt-discarded' ? event.waitMs : 0)
    this.#recent.note(event)
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') return
    if (event.type === 'run-end') return this.close()
    this.#activity.note(event, nowMs)
    const pattern = this.#patterns?.note(event)
    if (pattern !== undefined) this.#wake(pattern)
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelTimer()
    this.#asking?.callOff()
    this.#onEnd()
  }

  /** How late it is, whatever is done to the machine's clock. */
  #nowMs(): number {
    const { clock } = this.#config
    return Math.round(clock.monotonicMs?.() ?? clock.now())
  }

  #workLeftMs(): number {
    return this.#config.hardDeadlineMs - this.#run.progress().elapsedMs
  }

  #arm(nowMs: number): void {
    if (this.#isOver) return
    const delayMs = Math.max(1, Math.ceil(Math.min(this.#silence.leftMs, this.#workLeftMs())))
    if (delayMs === Number.POSITIVE_INFINITY) return
    this.#silence.arm(nowMs, delayMs)
    this.#cancelTimer = this.#config.clock.after(delayMs, () => this.#look())
  }

  #look(): void {
    const nowMs = this.#nowMs()
    this.#silence.pass()
    if (this.#run.progress().isWaiting) this.#silence.restart()
    if (this.#workLeftMs() <= 0) return this.#kill(this.#tooLong())
    if (this.#silence.leftMs <= 0) {
      const idleMs = this.#silence.silentMs
      this.#silence.restart()
      if (this.#runsBelow === 0 && !this.#isExcused())
        this.#wake({ type: 'idle', idleMs, ...this.#activity.now(nowMs) })
    }
    this.#arm(nowMs)
  }

  #tooLong(): string {
    return `it worked for longer than its hard deadline of ${this.#config.hardDeadlineMs} ms`
  }

  #isExcused(): boolean {
    const complain = (error: unknown) =>
      this.#config.logger.error(`isWaiting failed for run ${this.#run.info.runId}`, error)
    try {
      const waits: unknown = this.#config.isWaiting(this.#run.info)
      if (waits instanceof Promise) waits.catch(complain)
      return waits === true
    } catch (error) {
      complain(error)
      return false
    }
  }

  /** Asks the escalator, one question at a time, and does what it says. */
  #wake(cause: WakeCause): void {
    if (this.#asking !== undefined) return
    const { clock, escalator, escalationTimeoutMs } = this.#config
    const events = this.#events
    this.#asking = new Asking((answer) => {
      this.#asking = undefined
      // What is decided has a window to show.
      if (this.#events === events) this.#silence.heard(this.#nowMs())
      // A silence that has ended since is none to act upon.
      if (cause.type !== 'idle' || this.#events === events) this.#follow(answer)
    })
    this.#asking.ask(escalator, this.#tell(cause), clock, escalationTimeoutMs)
  }

  #tell(cause: WakeCause): Wake {
    const { info } = this.#run
    return { info, progress: this.#run.progress(), cause, recent: this.#recent.list(), ...this.#allowance.told }
  }

  #follow(answer: Answer): void {
    try {
      if (!answer.ok) throw answer.error
      const verdict = readVerdict(answer.value)
      if (!verdict.ok) throw new TypeError(`Expected a verdict: ${verdict.problem}`)
      if (verdict.value.action === 'kill') this.#kill(verdict.value.reason)
      else this.#allowance.give(verdict.value)
    } catch (error) {
      this.#config.logger.error(`the escalator failed for run ${this.#run.info.runId}`, error)
    }
  }

  /** Nothing comes after it. */
  #kill(reason: string): void {
    this.close()
    this.#run.kill(reason)
  }
}
