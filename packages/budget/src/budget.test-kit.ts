import type { BudgetAnswer, Reservation, ReserveOptions, RunInfo, Spent } from '@executus/core'
import { fakeClock, recordingLogger } from '@executus/core/testing'

import type { BudgetOptions } from './budget-options.ts'
import { type BudgetBook, createBudget } from './create-budget.ts'

/** 2026-01-06, a Tuesday. */
export const NOON_MS: number = Date.UTC(2026, 0, 6, 12)
export const HOUR_MS = 3_600_000

export function infoOf(runId: string, change: Partial<RunInfo> = {}): RunInfo {
  return {
    runId,
    rootRunId: runId,
    ancestors: [],
    agent: { name: 'agent' },
    tier: 'fast',
    model: 'p/m',
    input: [],
    caller: 'ann',
    limits: { timeoutMs: 60_000 } as RunInfo['limits'],
    isFirstParty: true,
    rules: [],
    startedAtMs: NOON_MS,
    ...change,
  }
}

/** What a run took: so many tokens, in as many milliseconds as said. */
export function spent(tokens: number, elapsedMs = 0): Spent {
  const usage = { inputTokens: tokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  return { usage: { ...usage, unreportedCalls: 0 }, elapsedMs }
}

export const NOTHING_SPENT: Spent = spent(0)

const { signal } = new AbortController()

/** How a budget is asked about a run that begins. */
export const NEW: ReserveOptions = { signal, spent: NOTHING_SPENT, isResumed: false }

/** How it is asked about a run that goes on, or a fork: its journal says that it took so much. */
export function resumed(before: Spent): ReserveOptions {
  return { signal, spent: before, isResumed: true }
}

/** A budget with a clock that is moved by hand and a logger that remembers. */
export function bookOf(options: BudgetOptions = {}) {
  const clock = fakeClock(NOON_MS)
  const logger = recordingLogger()
  const budget = createBudget({ clock, logger, ...options })
  return { budget, clock, logger, reserve: (info: RunInfo, given = NEW) => budget.reserve(info, given) }
}

/** The reservation of a run that must not be refused. */
export async function held(answer: BudgetAnswer | Promise<BudgetAnswer>): Promise<Reservation> {
  const given = await answer
  if (!given.ok) throw new Error(`It was refused: ${given.reason}`)
  return given.reservation
}

/** `runs 1+2/20`: used, set aside and allowed, of each limit of a caller. */
export async function shown(budget: BudgetBook, caller = 'ann'): Promise<readonly string[]> {
  const limits = await budget.remaining({ caller })
  return limits.map(({ unit, used, reserved, limit }) => `${unit} ${used}+${reserved}/${limit}`)
}

/** Asks whether a run may take a step. */
export async function check(run: Reservation, taken: Spent): Promise<string | undefined> {
  return run.check?.(taken)
}
