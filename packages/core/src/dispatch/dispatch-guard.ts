/**
 * Keeps one request from being run twice at once: a message that a chat delivers again, a button that is pressed twice.
 * What is the same request is the host's to say, by its key.
 */
export interface DispatchGuard {
  /** Lets `runId` in under `key`, unless another run is in. */
  enter(key: string, runId: string): Dispatch | Promise<Dispatch>
}

/** Whether a run was let in. `leave` lets the next one in; a second call, or a late one, does nothing. */
export type Dispatch =
  | { readonly ok: true; leave(): void }
  | { readonly ok: false; /** The run that is in. */ readonly runningId: string }

/** A guard for one process. */
export function memoryDispatchGuard(): DispatchGuard {
  const running = new Map<string, Entry>()
  return {
    enter(key, runId) {
      const other = running.get(key)
      if (other !== undefined) return { ok: false, runningId: other.runId }
      const entry: Entry = { runId }
      running.set(key, entry)
      return {
        ok: true,
        leave() {
          if (running.get(key) === entry) running.delete(key)
        },
      }
    },
  }
}

interface Entry {
  readonly runId: string
}
