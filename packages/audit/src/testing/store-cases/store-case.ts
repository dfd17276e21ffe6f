import assert from 'node:assert/strict'

import { StoreError, type StoreErrorCode } from '@executus/core'

import type { AuditEntry } from '../../audit-entry.ts'
import type { AuditRun } from '../../audit-run.ts'
import type { AuditStore, AuditStoreQuery, AuditWritten } from '../../audit-store.ts'

/** A store as the suite opens it: empty, and the same records behind each opening. */
export interface OpenedAuditStores {
  /** One more opening, as another process has. */
  connect(): Promise<AuditStore>
  /** Damages an entry where it is kept, or, with `seq` 0, the record of the run. */
  damage?(runId: string, seq: number): Promise<void>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What a store, or the one who opens it, may be unable to do. */
export interface AuditStoreAbilities {
  /** `damage` is there: what is kept has checksums. */
  readonly damage: boolean
}

/** What a case is run with: two openings, and what it needs. */
interface StoreScene {
  readonly store: AuditStore
  readonly other: AuditStore
  readonly connect: () => Promise<AuditStore>
  readonly damage: (runId: string, seq: number) => Promise<void>
}

export interface StoreCase {
  readonly name: string
  readonly needs?: readonly (keyof AuditStoreAbilities)[]
  readonly check: (scene: StoreScene) => Promise<void>
}

/** A record; of one that has a parent, that is the root. */
export function runOf(runId: string, change: Partial<AuditRun> = {}): AuditRun {
  return {
    runId,
    rootRunId: change.parentRunId ?? runId,
    agent: 'agent',
    tier: 'fast',
    model: 'p/m',
    input: 'go',
    inputMessages: 1,
    limits: { maxSteps: 12 },
    startedAtMs: 1_000,
    segments: 1,
    status: 'running',
    steps: 0,
    toolCalls: 0,
    entries: 0,
    dropped: 0,
    updatedAtMs: 1_000,
    ...change,
  }
}

/** Writes that many more entries, and the record with them. */
export async function write(
  store: AuditStore,
  runId: string,
  change: Partial<AuditRun> = {},
  {
    after = 0,
    count = 1,
    text = 'x',
  }: { readonly after?: number; readonly count?: number; readonly text?: string } = {},
): Promise<AuditWritten | undefined> {
  const entries = entriesOf(runId, after, count, text)
  const run = runOf(runId, { ...change, entries: after + count })
  const [became] = await store.write([{ run, after, entries }])
  return became
}

export function entriesOf(runId: string, after: number, count: number, text = 'x'): readonly AuditEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = after + index + 1
    return { type: 'steer', step: 1, text: `${text}${seq}`, runId, seq, atMs: 1_000 + seq }
  })
}

/** The ids of all pages, each no longer than asked for. */
export async function idsOf(
  store: AuditStore,
  query: Partial<AuditStoreQuery> = {},
  between?: (page: number) => Promise<unknown>,
): Promise<readonly string[]> {
  const ids: string[] = []
  const limit = query.limit ?? 100
  for (let after: string | undefined, page = 0; page < 100; page++) {
    const { runs, next } = await store.list({ ...query, limit, ...(after !== undefined && { after }) })
    assert.ok(runs.length <= limit, 'a page is no longer than asked for')
    ids.push(...runs.map(({ runId }) => runId))
    if (next === undefined) return ids
    after = next
    await between?.(page)
  }
  throw new assert.AssertionError({ message: 'a list ends' })
}

export async function rejects(promise: Promise<unknown>, code: StoreErrorCode, what: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(StoreError.is(error), `${what} rejects with a StoreError, not with ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

/** Texts that stores have stumbled over. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  `it's "odd" -- \`; DROP TABLE runs`,
  'nul\0inside',
  '🙂 ﷽ \u202E',
  '%_\\?*',
  '__proto__',
  'long'.repeat(2_500),
]
