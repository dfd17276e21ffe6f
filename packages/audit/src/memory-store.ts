import { StoreError } from '@executus/core'
import { checkCount, checkKeys } from '@executus/core/check-option'

import type { AuditEntry } from './audit-entry.ts'
import type { AuditRun } from './audit-run.ts'
import {
  type AuditChange,
  type AuditFilter,
  type AuditPage,
  type AuditStore,
  type AuditStoreQuery,
  type AuditWritten,
  cursorOf,
  placeOf,
} from './audit-store.ts'

export interface MemoryAuditStoreOptions {
  /** How many trees of runs are kept; of more, the one that was begun first is forgotten. @default 1_000 */
  readonly maxRoots?: number
}

export interface MemoryAuditStore extends AuditStore {
  /** Another opening of the same memory, as another process has of the same file. */
  connect(): MemoryAuditStore
}

// It is there to be looked at; a host that lives for months must not grow by each run.
const MAX_ROOTS = 1_000

/**
 * A store in memory: all of it is lost with the process.
 *
 * @throws TypeError or RangeError that names the option
 */
export function memoryAuditStore(options: MemoryAuditStoreOptions = {}): MemoryAuditStore {
  checkKeys('options', options, ['maxRoots'])
  const { maxRoots = MAX_ROOTS } = options
  checkCount('options.maxRoots', maxRoots, 1)
  return new MemoryStore({ runs: new Map(), trees: new Map(), made: 0, maxRoots })
}

interface Memory {
  readonly runs: Map<string, MemoryRun>
  /** Ids of the runs of each tree, by its root's id; in the order of making. */
  readonly trees: Map<string, Set<string>>
  readonly maxRoots: number
  made: number
}

/** Kept as text: what is given out shares nothing with it. */
interface MemoryRun {
  readonly number: number
  run: AuditRun
  readonly entryTexts: string[]
}

// A method is done before its promise is there, so each is one step to all openings.
class MemoryStore implements MemoryAuditStore {
  readonly #memory: Memory
  #isClosed = false

  constructor(memory: Memory) {
    this.#memory = memory
  }

  connect(): MemoryAuditStore {
    return new MemoryStore(this.#memory)
  }

  async write(changes: readonly AuditChange[]): Promise<readonly AuditWritten[]> {
    this.#checkOpen()
    const copies = structuredClone(changes)
    const texts = copies.map(({ entries }) => entries.map((entry) => JSON.stringify(entry)))
    return copies.map(({ run, after }, index) => this.#change(run, after, texts[index]!))
  }

  #change(run: AuditRun, after: number, texts: readonly string[]): AuditWritten {
    const kept = this.#memory.runs.get(run.runId)
    if (kept === undefined && after > 0) return 'gone'
    if (kept !== undefined && kept.entryTexts.length !== after) return 'moved'
    if (kept === undefined) this.#make(run, texts)
    else {
      kept.run = run
      kept.entryTexts.push(...texts)
    }
    return 'written'
  }

  #make(run: AuditRun, texts: readonly string[]): void {
    const { runs, trees, maxRoots } = this.#memory
    this.#memory.made += 1
    runs.set(run.runId, { number: this.#memory.made, run, entryTexts: [...texts] })
    const tree = trees.get(run.rootRunId) ?? new Set()
    trees.set(run.rootRunId, tree.add(run.runId))
    for (const root of trees.keys()) {
      if (trees.size <= maxRoots) break
      this.#forgetTree(root)
    }
  }

  async find(runId: string): Promise<AuditRun | undefined> {
    this.#checkOpen()
    return structuredClone(this.#memory.runs.get(runId)?.run)
  }

  async list(query: AuditStoreQuery): Promise<AuditPage> {
    this.#checkOpen()
    const { limit, after } = query
    const place = after === undefined ? undefined : placeOf(after)
    const fitting = this.#inReach(query).filter(({ run }) => fits(run, query))
    const left = fitting
      .filter((one) => place === undefined || isBelow(one, place))
      .toSorted((a, b) => b.run.startedAtMs - a.run.startedAtMs || b.number - a.number)
    const page = left.slice(0, limit)
    const last = page.at(-1)
    return {
      runs: page.map(({ run }) => structuredClone(run)),
      ...(last !== undefined && page.length < left.length && { next: cursorOf(last.run.startedAtMs, last.number) }),
    }
  }

  #inReach({ rootRunId }: AuditFilter): readonly MemoryRun[] {
    const { runs, trees } = this.#memory
    if (rootRunId === undefined) return [...runs.values()]
    return [...(trees.get(rootRunId) ?? [])].map((id) => runs.get(id)!)
  }

  async entries(
    runId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<readonly AuditEntry[]> {
    this.#checkOpen()
    const texts = this.#memory.runs.get(runId)?.entryTexts ?? []
    const first = Math.max(after, 0)
    return texts.slice(first, first + limit).map((text) => JSON.parse(text) as AuditEntry)
  }

  async forget(runId: string): Promise<number> {
    this.#checkOpen()
    return this.#forget(runId)
  }

  #forget(runId: string): number {
    const { runs, trees } = this.#memory
    const kept = runs.get(runId)
    if (kept !== undefined) {
      const { rootRunId } = kept.run
      runs.delete(runId)
      trees.get(rootRunId)?.delete(runId)
      if (trees.get(rootRunId)?.size === 0) trees.delete(rootRunId)
    }
    const below = [...runs.values()].filter(({ run }) => run.parentRunId === runId)
    return below.reduce((count, { run }) => count + this.#forget(run.runId), kept === undefined ? 0 : 1)
  }

  #forgetTree(rootRunId: string): void {
    const { runs, trees } = this.#memory
    for (const id of trees.get(rootRunId) ?? []) runs.delete(id)
    trees.delete(rootRunId)
  }

  async sweep({ endedBeforeMs, limit }: { readonly endedBeforeMs: number; readonly limit: number }): Promise<number> {
    this.#checkOpen()
    const { runs, trees } = this.#memory
    const silentSince = (root: string) =>
      [...trees.get(root)!].reduce((newest, id) => Math.max(newest, runs.get(id)!.run.updatedAtMs), -Infinity)
    const old = [...trees.keys()]
      .map((root) => ({ root, sinceMs: silentSince(root) }))
      .filter(({ sinceMs }) => sinceMs < endedBeforeMs)
      .toSorted((a, b) => a.sinceMs - b.sinceMs)
      .slice(0, limit)
    for (const { root } of old) this.#forgetTree(root)
    return old.length
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
  }
}

function isBelow({ run, number }: MemoryRun, place: ReturnType<typeof placeOf>): boolean {
  return run.startedAtMs < place.startedAtMs || (run.startedAtMs === place.startedAtMs && number < place.number)
}

const TEXTS = ['rootRunId', 'parentRunId', 'caller', 'channel', 'guild', 'agent', 'subject'] as const

function fits(run: AuditRun, query: AuditFilter): boolean {
  const { status, fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = query
  if (status !== undefined && !status.includes(run.status)) return false
  if (run.startedAtMs < fromMs || run.startedAtMs >= toMs) return false
  return TEXTS.every((name) => query[name] === undefined || query[name].toWellFormed() === run[name]?.toWellFormed())
}
