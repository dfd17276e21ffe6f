import type { AuditRecorder, RunEvent, RunInfo, RunResult } from '@executus/core'

import type { AuditEntryBody } from './audit-entry.ts'
import type { AuditOutcome, AuditRun } from './audit-run.ts'
import { entryOf } from './entry-of.ts'
import type { PendingRun } from './pending-run.ts'
import type { TextMaker } from './text-of.ts'

/** Where a recorder leaves what it has made; none of it waits or throws. */
export interface EntrySink {
  add(pending: PendingRun, body: AuditEntryBody, atMs: number, apply?: (run: AuditRun) => AuditRun): void
  /** An event could not be made into an entry, as `error` says. */
  lose(pending: PendingRun, error: unknown): void
  /** Resolves when all of the run is written, or when there is nothing to wait for. */
  finish(pending: PendingRun): Promise<void>
}

/** What is known of a run as it begins. */
export function beginningOf(info: RunInfo, make: TextMaker): AuditRun {
  const { runId, rootRunId, parentRunId, agent, tier, model, input, limits, deliverTo } = info
  const newest = input.at(-1)
  const startedAtMs = whole(info.startedAtMs)
  return {
    runId,
    rootRunId,
    ...(parentRunId !== undefined && { parentRunId }),
    agent: make.label(agent.name),
    tier: make.label(tier),
    model: make.label(model),
    ...make.optional('caller', info.caller),
    ...make.optional('channel', info.channel),
    ...make.optional('guild', info.guild),
    ...make.optional('subject', info.subject),
    ...make.optional('requestKey', info.requestKey),
    ...(deliverTo !== undefined && { deliverTo: make.json(deliverTo) }),
    input: newest === undefined ? '' : make.message(newest),
    inputMessages: input.length,
    limits: { ...limits },
    startedAtMs,
    segments: 1,
    status: 'running',
    steps: 0,
    toolCalls: 0,
    entries: 0,
    dropped: 0,
    updatedAtMs: startedAtMs,
  }
}

/** Makes entries of the events of one run. */
export class RunRecorder implements AuditRecorder {
  readonly #pending: PendingRun
  readonly #make: TextMaker
  readonly #sink: EntrySink
  #hasEnded = false

  constructor(pending: PendingRun, make: TextMaker, sink: EntrySink) {
    this.#pending = pending
    this.#make = make
    this.#sink = sink
  }

  event(event: RunEvent): void {
    if (this.#pending.isMuted) return
    try {
      if (event.type === 'run-end') return this.#end(event.result, event.atMs)
      const body = entryOf(event, this.#make)
      if (body !== undefined) this.#sink.add(this.#pending, body, whole(event.atMs), appliedBy(event))
    } catch (error) {
      this.#sink.lose(this.#pending, error)
    }
  }

  async close(): Promise<void> {
    await this.#sink.finish(this.#pending)
  }

  #end(result: RunResult, atMs: number): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    const endedAtMs = whole(atMs)
    const outcome = outcomeOf(result, endedAtMs, this.#make)
    const { status, stopReason = '', error, steps, elapsedMs = 0 } = outcome
    const kept = error === undefined ? {} : { error }
    const body = { type: 'end', status, stopReason, ...kept, steps, toolCalls: 0, elapsedMs } as const
    // Another process may have taken the run over, and then knows better.
    const apply = (run: AuditRun) => (run.segments === this.#pending.segment ? { ...run, ...outcome } : run)
    this.#sink.add(this.#pending, body, endedAtMs, apply)
  }
}

function appliedBy({ type }: RunEvent): ((run: AuditRun) => AuditRun) | undefined {
  if (type === 'tool-call-start') return whileAtWork((run) => ({ ...run, toolCalls: run.toolCalls + 1 }))
  if (type === 'step-end') return whileAtWork((run) => ({ ...run, steps: run.steps + 1 }))
  return undefined
}

/** What a process that was shut out tells late changes nothing of how the run ended. */
function whileAtWork(apply: (run: AuditRun) => AuditRun): (run: AuditRun) => AuditRun {
  return (run) => (run.status === 'running' ? apply(run) : run)
}

function outcomeOf(result: RunResult, endedAtMs: number, make: TextMaker): AuditOutcome {
  const { status, stopReason, output, steps, usage, elapsedMs } = result
  const artifacts = make.artifacts(result.artifacts)
  return {
    status,
    stopReason,
    output: make.text(output),
    ...('error' in result && { error: make.error(result.error) }),
    steps,
    elapsedMs,
    usage: { ...usage },
    ...(artifacts !== undefined && { artifacts }),
    endedAtMs,
  }
}

/** Stores keep whole numbers. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : 0
}
