import type { CallRecord } from '@executus/core'

import type { Cost } from '../review/review.ts'

/** What the calls of each run cost, as their records come. */
export class Spending {
  readonly #byRun = new Map<string, { usd: number; hasUnknown: boolean }>()
  #usd = 0
  #hasUnknown = false

  /** To be given to the executor as `onModelCall`. */
  readonly note = ({ attribution, costUsd, errorCode, usage }: CallRecord): void => {
    const run = this.#of(attribution?.['runId'] ?? '')
    // A call that failed and told of no tokens cost nothing, as far as anybody can know.
    const isUnknown = costUsd === undefined && (errorCode === undefined || usage !== undefined)
    run.usd += costUsd ?? 0
    run.hasUnknown ||= isUnknown
    this.#usd += costUsd ?? 0
    this.#hasUnknown ||= isUnknown
  }

  get total(): Cost {
    return { knownUsd: this.#usd, hasUnknown: this.#hasUnknown }
  }

  /** `undefined` where a price is not known. */
  ofRun(runId: string): number | undefined {
    const { usd, hasUnknown } = this.#of(runId)
    return hasUnknown ? undefined : usd
  }

  #of(runId: string) {
    let run = this.#byRun.get(runId)
    if (run === undefined) this.#byRun.set(runId, (run = { usd: 0, hasUnknown: false }))
    return run
  }
}
