import type { RunEvent, RunEventBody } from './event.ts'

/** Events as they were given, with their numbers and times: half the size of the events made out of them. */
export class EventTape {
  /** A body, its number and its time after that of the first event, one after the other: one list is smaller than three. */
  readonly #cells: (RunEventBody | number)[] = []
  #startMs = 0

  push(body: RunEventBody, seq: number, atMs: number): void {
    if (this.#cells.length === 0) this.#startMs = atMs
    this.#cells.push(body, seq, atMs - this.#startMs)
  }

  /** Those from number `from` on. */
  events(runId: string, from: number): readonly RunEvent[] {
    const events: RunEvent[] = []
    for (let index = 0; index < this.#cells.length; index += 3) {
      const [body, seq, afterMs] = this.#cells.slice(index, index + 3) as [RunEventBody, number, number]
      if (seq >= from) events.push({ ...body, seq, runId, atMs: this.#startMs + afterMs })
    }
    return events
  }
}
