import {
  type Clock,
  type Critic,
  type ExecutorOptions,
  type RunEvent,
  type RunEventBody,
  type RunInfo,
  type RunProgress,
  userMessage,
  type WatchedRun,
} from '@executus/core'
import { type ScriptedHost, scriptedHost, type ScriptTurn } from '@executus/core/testing'

import type { CriticOptions } from './critic-options.ts'
import { createCritic } from './critic.ts'
import type { Escalator, Wake } from './escalator.ts'

/** A scripted host whose runs have ten minutes, with a critic on the same clock and logger. */
export function watchedHost(
  turns: readonly ScriptTurn[],
  options: CriticOptions = {},
  hostOptions: ExecutorOptions = {},
): ScriptedHost {
  let critic: Critic | undefined
  const host = scriptedHost(turns, {
    limits: { timeoutMs: 600_000, toolTimeoutMs: 600_000 },
    ...hostOptions,
    critic: { watch: (run, how) => critic!.watch(run, how) },
  })
  critic = createCritic({ clock: host.clock, logger: host.logger, ...options })
  return host
}

/** An escalator that gives `verdicts` in turn, and `wait` when there are no more; `wakes` is what it was told. */
export function scriptedEscalator(...verdicts: readonly unknown[]): Escalator & { readonly wakes: Wake[] } {
  const wakes: Wake[] = []
  return {
    wakes,
    decide(wake) {
      wakes.push(wake)
      return (verdicts[wakes.length - 1] ?? { action: 'wait' }) as never
    },
  }
}

/** How a critic is told of a run that begins. */
export const NEW: { readonly isResumed: boolean } = { isResumed: false }

/** A run without an executor: it is at work all the time but for its pauses, and notes what is done to it. */
export interface FakeRun extends WatchedRun {
  readonly done: string[]
  pause(): void
  resume(): void
  /** An event of this run, at this moment. */
  event(body: RunEventBody): RunEvent
}

export function fakeRun(
  clock: Pick<Clock, 'now' | 'monotonicMs'>,
  { runId = 'r', elapsedMs = 0, ...given }: { runId?: string; parentRunId?: string } & Partial<RunProgress> = {},
): FakeRun {
  const { parentRunId, ...progress } = given
  const done: string[] = []
  let workedMs = elapsedMs
  const monotonicMs = () => clock.monotonicMs?.() ?? clock.now()
  let sinceMs: number | undefined = monotonicMs()
  let seq = 0
  const limits = { timeoutMs: 600_000, maxSteps: 12 }
  const added = { steps: 0, timeMs: 0 }
  const now = () => workedMs + (sinceMs === undefined ? 0 : Math.max(0, monotonicMs() - sinceMs))
  return {
    info: {
      runId,
      ...(parentRunId !== undefined && { parentRunId }),
      agent: { name: 'a' },
      input: [userMessage('go')],
      limits,
      startedAtMs: clock.now(),
    } as unknown as RunInfo,
    done,
    progress: () => ({
      agent: 'a',
      steps: 0,
      maxSteps: limits.maxSteps + added.steps,
      timeoutMs: limits.timeoutMs + added.timeMs,
      inputTokens: 0,
      outputTokens: 0,
      ...progress,
      elapsedMs: now(),
      isWaiting: sinceMs === undefined,
    }),
    nudge(text) {
      done.push(`nudge ${text}`)
      return Promise.resolve({ delivered: false })
    },
    extend({ steps = 0, timeMs = 0 }) {
      done.push(`extend ${steps} ${timeMs}`)
      added.steps += steps
      added.timeMs += timeMs
    },
    kill: (reason) => void done.push(`kill ${reason}`),
    pause() {
      workedMs = now()
      sinceMs = undefined
    },
    resume() {
      sinceMs = monotonicMs()
    },
    event(body) {
      seq += 1
      return { ...body, seq, runId, atMs: clock.now() }
    },
  }
}
