import assert from 'node:assert/strict'

import type { JournalEntry, RunInfo } from '@executus/core'
import { StoreError, type StoreErrorCode } from '@executus/core/store-error'

import type { Claim, JournalStore, Signal } from '../../journal-store.ts'

/** A store as the suite opens it: empty, and the same records behind each owner. */
export interface OpenedStores {
  /** One more owner, as another process. */
  connect(): Promise<JournalStore>
  /** Makes an owner dead to the others, without giving back what it holds; it may still be called. */
  kill?(store: JournalStore): Promise<void>
  /** Moves the clock of the store, which stands still otherwise. */
  advance?(ms: number): Promise<void>
  /** Damages an entry where it is kept. */
  damage?(runId: string, index: number): Promise<void>
  /** Puts everything away. */
  close?(): Promise<void>
}

/** What a store, or the one who opens it, may be unable to do. */
export interface JournalStoreAbilities {
  /** `kill` is there: an owner can be found dead. */
  readonly kill: boolean
  /** `advance` is there: the store's clock can be moved, and does not move by itself. */
  readonly clock: boolean
  /** `damage` is there: entries have checksums. */
  readonly damage: boolean
}

/** What a case is run with: two owners, and what it needs. */
export interface StoreScene {
  readonly store: JournalStore
  readonly other: JournalStore
  readonly connect: () => Promise<JournalStore>
  readonly kill: (store: JournalStore) => Promise<void>
  readonly advance: (ms: number) => Promise<void>
  readonly damage: (runId: string, index: number) => Promise<void>
  /** How often a race is run. */
  readonly races: number
}

export interface StoreCase {
  readonly name: string
  readonly needs?: readonly (keyof JournalStoreAbilities)[]
  readonly check: (scene: StoreScene) => Promise<void>
}

export function infoOf(runId: string, change: Partial<RunInfo> = {}): RunInfo {
  return {
    runId,
    rootRunId: change.parentRunId ?? runId,
    ancestors: [],
    agent: { name: 'agent' },
    tier: 'fast',
    model: 'p/m',
    input: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
    limits: {} as RunInfo['limits'],
    isFirstParty: true,
    rules: [],
    startedAtMs: 1,
    ...change,
  }
}

/** Makes a run, which its store then holds. */
export async function begin(store: JournalStore, runId: string, change: Partial<RunInfo> = {}): Promise<Claim> {
  const made = await store.create({ runId, info: infoOf(runId, change) })
  assert.equal(made.created, true, `${runId} is new`)
  return (made as { readonly claim: Claim }).claim
}

/** Claims a run by its id, which must be there to be taken. */
export async function claimOne(store: JournalStore, runId: string): Promise<Claim> {
  const [claim] = await store.claim({ limit: 1, runId })
  assert.equal(claim?.runId, runId, `${runId} can be claimed`)
  return claim
}

/** An entry that is progress. */
export function said(text: string): JournalEntry {
  return { type: 'message', from: 'mail', message: { role: 'user', content: [{ type: 'text', text }] }, atMs: 5 }
}

/** An entry that is none. */
export function intent(key: string): JournalEntry {
  return { type: 'intent', key, kind: 'tool', attempt: 1, atMs: 5 }
}

export function signal(name: string, change: Partial<Signal> = {}): Signal {
  return { name, id: `id of ${name}`, value: { isApproved: true }, atMs: 7, ...change }
}

export const OUTCOME = { status: 'ok', stopReason: 'answered', output: 'done' } as const

export async function rejects(promise: Promise<unknown>, code: StoreErrorCode, what: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(StoreError.is(error), `${what} rejects with a StoreError, not with ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

export async function statusOf(store: JournalStore, runId: string): Promise<string | undefined> {
  return (await store.find(runId))?.status
}
