import type { JournalEntry } from '@executus/core'

import { insideOf, type MemoryJournalStore } from '../memory-store.ts'

/** Counts what is done in a world, and finds what must not have been. */
export class Ledger {
  /** What was done although it must not, in words. */
  readonly faults: string[] = []
  /** Delegated runs, and all requests, in the order in which they were made. */
  readonly made: string[] = []
  readonly requests: string[] = []
  readonly #memory: () => MemoryJournalStore
  /** By idempotency key. */
  readonly #starts = new Map<string, number>()
  readonly #completions = new Map<string, number>()
  readonly #asked = new Map<string, number>()
  /** Decisions that were accepted, by request. */
  readonly #decisions = new Map<string, boolean>()
  /** Runs that are to be cancelled, and those of them that have heard so. */
  readonly #cancelled = new Set<string>()
  readonly #told = new Set<string>()

  constructor(memory: () => MemoryJournalStore) {
    this.#memory = memory
  }

  /** A tool begins, or a model is asked. */
  start(what: string, isZombie: boolean): void {
    const [tool = '', key = ''] = what.split(/[ ]/)
    if (tool === 'model') return void this.#asked.set(what, (this.#asked.get(what) ?? 0) + 1)
    const times = (this.#starts.get(key) ?? 0) + 1
    this.#starts.set(key, times)
    const [runId, callId] = key.split('/tool:') as [string, string]
    const isOnce = tool === 'write' || tool === 'destroy'
    if (isOnce && times > 1) this.faults.push(`${what}: of class once, begun ${times} times`)
    // Who was taken for dead may still do what it was about to do, unless it must write first.
    if ((!isZombie || isOnce) && this.#isKept(runId, `tool:${callId}`))
      this.faults.push(`${what}: begun again, though its result is kept`)
    if (tool === 'destroy' && this.#decisions.get(`${runId}/${callId}`) !== true)
      this.faults.push(`${what}: begun without a yes`)
    if (!isZombie && this.#told.has(runId))
      this.faults.push(`${what}: begun after its run had heard that it is cancelled`)
  }

  complete(what: string): void {
    const key = what.split(' ')[1]!
    this.#completions.set(key, (this.#completions.get(key) ?? 0) + 1)
  }

  /** What the store has done. */
  stored(name: string, args: readonly unknown[], answer: unknown): void {
    const [first, second] = args as readonly [{ readonly runId?: string } | string, unknown]
    const runId = typeof first === 'string' ? first : (first?.runId ?? '')
    if (name === 'deliver' && answer === 'accepted') {
      const { id, value } = second as { readonly id: string; readonly value: { readonly isApproved: boolean } }
      this.#decisions.set(id, value.isApproved)
    }
    if (name === 'cancel' && answer === true) this.#cancelled.add(runId)
    if (name === 'create' && runId !== 'r') this.made.push(runId)
    if (name === 'append')
      for (const entry of second as readonly JournalEntry[])
        if (entry.type === 'approval-request') this.requests.push(...entry.requests.map(({ id }) => id))
    if (name === 'append' && this.isCancelled(runId)) this.#told.add(runId)
  }

  /** Whether somebody asked that the run, or one above it, be cancelled. */
  isCancelled(runId: string): boolean {
    return [...this.#cancelled].some((one) => runId === one || runId.startsWith(`${one}/`))
  }

  /** At the end: what is kept must have happened, and nothing was asked for more often than processes ended. */
  check(runIds: readonly string[], ended: number): void {
    for (const [what, times] of this.#asked)
      if (times > 1 + ended) this.faults.push(`${what}: asked ${times} times, and ${ended} processes had ended`)
    for (const runId of runIds) {
      const entries = this.#entriesOf(runId)
      for (const entry of entries) {
        if (entry.type !== 'result' || (entry.kind !== 'tool' && entry.kind !== 'child')) continue
        const { result } = entry.value as { readonly result: { readonly isError: boolean } }
        const isDone = (this.#completions.get(`${runId}/${entry.key}`) ?? 0) > 0
        if (entry.kind === 'tool' && !result.isError && !isDone)
          this.faults.push(`${runId}/${entry.key}: has a result, and was never done`)
        const below = `${runId}/${entry.key.slice('tool:'.length)}`
        if (entry.kind === 'child' && result.isError && !this.isCancelled(below))
          this.faults.push(`${below}: has failed, though nobody cancelled it`)
      }
      for (const type of ['result', 'approval-request'] as const) this.#checkOnce(runId, entries, type)
    }
  }

  #checkOnce(runId: string, entries: readonly JournalEntry[], type: 'result' | 'approval-request'): void {
    const keys = entries.flatMap((entry) => {
      if (entry.type !== type) return []
      return entry.type === 'result' ? [entry.key] : entry.requests.map(({ id }) => id)
    })
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
    for (const key of twice) this.faults.push(`${runId}: ${type} of ${key} is kept twice`)
  }

  #isKept(runId: string, key: string): boolean {
    return this.#entriesOf(runId).some((entry) => entry.type === 'result' && entry.key === key)
  }

  #entriesOf(runId: string): readonly JournalEntry[] {
    return insideOf(this.#memory())
      .entryTextsOf(runId)
      .map((text) => JSON.parse(text) as JournalEntry)
  }
}

/** The journals of all runs, a line for each entry: what one must read when a run is stuck. */
export async function journalsOf(memory: MemoryJournalStore): Promise<string> {
  const { runs } = await memory.list({ limit: 1_000 })
  const lines = runs.flatMap(({ runId, status, outcome, waits = [], crashes, epoch }) => [
    `${runId}: ${status} ${outcome?.status ?? ''} ${waits.join(' ')} (claim ${epoch}, ${crashes} crashes)`,
    ...insideOf(memory)
      .entryTextsOf(runId)
      .map((text, index) => `  ${index} ${lineOf(JSON.parse(text) as JournalEntry)}`),
  ])
  return lines.join('\n')
}

function lineOf(entry: JournalEntry): string {
  if (entry.type === 'intent') return `intent ${entry.key} attempt ${entry.attempt}`
  if (entry.type === 'result') return `result ${entry.key}`
  if (entry.type === 'signal') return `signal ${entry.name} ${JSON.stringify(entry.value)}`
  if (entry.type === 'approval-request') return `approval-request ${entry.requests.map(({ id }) => id).join(' ')}`
  if (entry.type === 'tool-results') return `tool-results ${entry.results.map(({ callId }) => callId).join(' ')}`
  return entry.type
}
