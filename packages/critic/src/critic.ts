import type { Critic } from '@executus/core'

import { checkOptions, type CriticOptions } from './critic-options.ts'
import { RunWatch } from './run-watch.ts'

/**
 * A critic: it watches the runs of an executor, and when one goes silent, its escalator decides what becomes of it.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const executor = createExecutor({ ...fromEnv(), critic: createCritic({ idleMs: 60_000 }), limits: { timeoutMs: 600_000 } })
 */
export function createCritic(options: CriticOptions = {}): Critic {
  const config = checkOptions(options)
  const watches = new Map<string, RunWatch>()
  return {
    watch(run, { isResumed }) {
      const { runId, parentRunId } = run.info
      const above = parentRunId === undefined ? undefined : watches.get(parentRunId)
      const watch = new RunWatch(run, isResumed, config, () => {
        above?.below(-1)
        // The run may be watched anew by now, if it was taken from this process and came back.
        if (watches.get(runId) === watch) watches.delete(runId)
      })
      above?.below(1)
      watches.set(runId, watch)
      watch.begin()
      return watch
    },
  }
}
