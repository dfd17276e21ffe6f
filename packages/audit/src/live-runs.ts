import type { PendingRun } from './pending-run.ts'

/** Runs whose recorders are open, or of which something waits to be written. */
export class LiveRuns {
  readonly #runs = new Set<PendingRun>()

  /** A run that begins below one that somebody forgot is forgotten with it. */
  add(pending: PendingRun): void {
    const { parentRunId } = pending
    const above = parentRunId === undefined ? undefined : this.all().findLast(({ runId }) => runId === parentRunId)
    if (above?.isForgotten === true) pending.forget()
    this.#runs.add(pending)
  }

  /** A forgotten run stays until its recorder is closed: others may begin below it. */
  settle(pending: PendingRun): void {
    if (pending.isClosed || (pending.isMuted && !pending.isForgotten)) this.#runs.delete(pending)
  }

  all(): readonly PendingRun[] {
    return [...this.#runs]
  }

  /** A run with those below it. */
  tree(runId: string): readonly PendingRun[] {
    const ids = new Set([runId])
    for (let size = 0; size !== ids.size;) {
      size = ids.size
      for (const one of this.#runs) if (ids.has(one.parentRunId ?? '')) ids.add(one.runId)
    }
    return this.all().filter((one) => ids.has(one.runId))
  }
}
