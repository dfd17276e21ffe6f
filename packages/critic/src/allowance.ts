import type { WatchedRun } from '@executus/core'

import type { CriticConfig } from './critic-options.ts'
import type { Wake } from './escalator.ts'
import type { Verdict } from './verdict.ts'

/** What a run may still be given, and gives it. */
export class Allowance {
  readonly #run: WatchedRun
  readonly #config: CriticConfig
  #nudges = 0
  #extensions: number

  constructor(run: WatchedRun, isResumed: boolean, config: CriticConfig) {
    this.#run = run
    this.#config = config
    // How often is not known. What a host gave to a run that has not begun is part of its limits.
    this.#extensions = isResumed && wasExtended(run) ? 1 : 0
  }

  get told(): Pick<Wake, 'nudges' | 'extensions' | 'nudgesLeft' | 'extensionsLeft'> {
    const { maxNudges, maxExtensions } = this.#config
    return {
      nudges: this.#nudges,
      extensions: this.#extensions,
      nudgesLeft: Math.max(0, maxNudges - this.#nudges),
      extensionsLeft: Math.max(0, maxExtensions - this.#extensions),
    }
  }

  give(verdict: Exclude<Verdict, { readonly action: 'kill' }>): void {
    if (verdict.action === 'wait') return
    if (verdict.action === 'nudge') return this.#nudge(verdict.text)
    if (this.told.extensionsLeft === 0) return this.#refuse('extended', this.#config.maxExtensions)
    this.#extend(verdict)
    if (verdict.text !== undefined) this.#nudge(verdict.text)
  }

  #extend({ steps, timeMs }: Extract<Verdict, { readonly action: 'extend' }>): void {
    const { idleMs, maxExtension } = this.#config
    const givesNothingElse = steps === undefined && timeMs === undefined
    const givenMs = timeMs ?? (givesNothingElse ? idleMs : 0)
    this.#extensions += 1
    this.#run.extend({
      steps: Math.min(steps ?? 0, maxExtension.steps),
      // Options may be endless, and core takes no such time.
      timeMs: Math.min(givenMs, maxExtension.timeMs, Number.MAX_SAFE_INTEGER),
    })
  }

  #nudge(text: string): void {
    if (this.told.nudgesLeft === 0) return this.#refuse('nudged', this.#config.maxNudges)
    this.#nudges += 1
    this.#run.nudge(text).catch((error: unknown) => {
      this.#config.logger.error(`the nudge of run ${this.#run.info.runId} failed`, error)
    })
  }

  #refuse(what: string, times: number): void {
    this.#config.logger.warn(`run ${this.#run.info.runId} was not ${what} again: ${times} times is the most`)
  }
}

function wasExtended(run: WatchedRun): boolean {
  const { limits, agent } = run.info
  const { timeoutMs, maxSteps } = run.progress()
  return timeoutMs > limits.timeoutMs || (agent.phases === undefined && maxSteps > limits.maxSteps)
}
