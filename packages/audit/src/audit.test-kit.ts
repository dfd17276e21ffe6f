import type { RunEvent, RunEventBody, RunInfo, RunResult } from '@executus/core'
import { fakeClock, recordingLogger } from '@executus/core/testing'

import type { AuditStore } from './audit-store.ts'
import { type AuditOptions, createAudit } from './create-audit.ts'
import { memoryAuditStore } from './memory-store.ts'

/** An audit with everything in a test's hands. */
export function auditScene(options: AuditOptions = {}) {
  const clock = fakeClock()
  const logger = recordingLogger()
  const store = options.store ?? memoryAuditStore()
  const audit = createAudit({ clock, logger, ...options, store })
  return { audit, clock, logger, store }
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
    limits: { maxSteps: 12 } as RunInfo['limits'],
    isFirstParty: true,
    rules: [],
    startedAtMs: 1_000,
    ...change,
  }
}

export function resultOf(runId: string, change: Partial<RunResult> = {}): RunResult {
  const tokens = { inputTokens: 5, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  return {
    runId,
    status: 'ok',
    stopReason: 'answered',
    output: 'done',
    steps: 1,
    usage: { ...tokens, unreportedCalls: 0 },
    elapsedMs: 40,
    messages: [],
    durable: false,
    ...change,
  } as RunResult
}

/** Events of a run, numbered. */
export function eventsOf(runId: string, ...bodies: readonly RunEventBody[]): readonly RunEvent[] {
  return bodies.map((body, index) => ({ ...body, runId, seq: index + 1, atMs: 1_000 + index }))
}

export const START: RunEventBody = { type: 'run-start', agent: 'agent', model: 'p/m', isResumed: false }

export function call(callId: string, argumentsText = '{}'): RunEventBody {
  return { type: 'tool-call-start', step: 1, callId, tool: 'look', argumentsText }
}

export function end(runId: string, change: Partial<RunResult> = {}): RunEventBody {
  return { type: 'run-end', result: resultOf(runId, change) }
}

/** Everything that a store holds, as text. */
export async function contentOf(store: AuditStore): Promise<string> {
  const { runs } = await store.list({ limit: Number.POSITIVE_INFINITY })
  const all: unknown[] = []
  for (const run of runs) all.push(run, await store.entries(run.runId, { after: 0, limit: Number.POSITIVE_INFINITY }))
  return JSON.stringify(all)
}

/** A store's methods, to put others in their place. */
export function methodsOf(store: AuditStore): AuditStore {
  return {
    write: (changes) => store.write(changes),
    find: (id) => store.find(id),
    list: (query) => store.list(query),
    entries: (id, query) => store.entries(id, query),
    forget: (id) => store.forget(id),
    sweep: (query) => store.sweep(query),
    close: () => store.close(),
  }
}

/** A store whose `write` waits for a test to say what becomes of it. */
export function heldStore() {
  const store = memoryAuditStore()
  const held: { readonly pass: () => Promise<void>; readonly fail: (error: unknown) => void }[] = []
  const write: AuditStore['write'] = (changes) =>
    new Promise((resolve, reject) => {
      held.push({ pass: () => store.write(changes).then(resolve, reject), fail: reject })
    })
  return { store: { ...methodsOf(store), write }, inner: store, held }
}
