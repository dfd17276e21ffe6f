import assert from 'node:assert/strict'

import type { RunEventBody } from '@executus/core'
import { type FakeClock, fakeClock, recordingLogger } from '@executus/core/testing'
import * as fc from 'fast-check'
import { test } from 'vitest'

import { fakeRun, NEW } from './critic.test-kit.ts'
import { createCritic } from './critic.ts'
import type { Escalator, Wake } from './escalator.ts'

const amount = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(undefined, 0, 1, 1_000, 10 ** 9) },
  { weight: 1, arbitrary: fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY, 0.5) },
)
const text = fc.constantFrom('Well?', 'Go on.', 'Hm.', undefined, '', 'x'.repeat(5_000))
const verdict = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ action: 'wait' }) },
  { weight: 4, arbitrary: fc.record({ action: fc.constant('nudge'), text }) },
  { weight: 4, arbitrary: fc.record({ action: fc.constant('extend'), steps: amount, timeMs: amount, text }) },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('kill'), reason: fc.constantFrom('stuck', '', 7) }) },
  { weight: 1, arbitrary: fc.anything() },
)
const decision = fc.record({
  verdict,
  how: fc.constantFrom('at once', 'at once', 'soon', 'soon', 'late', 'never', 'throws'),
})
type Decision = typeof decision extends fc.Arbitrary<infer T> ? T : never

const call = { callId: 'c', tool: 't', step: 1 } as const
const result = { type: 'tool-result', callId: 'c', name: 't', content: [], isError: true } as const
const part = { type: 'tool-call', id: 'c', name: 't', argumentsText: '{}' } as const
const BODIES: readonly RunEventBody[] = [
  { type: 'step-start', step: 1 },
  { type: 'text-delta', step: 1, text: 'x' },
  { type: 'tool-call-start', ...call, argumentsText: '{}' },
  { type: 'tool-call-end', ...call, result, elapsedMs: 1 },
  { type: 'step-end', step: 1, message: { role: 'assistant', content: [part] }, stopReason: 'tool-calls' },
  { type: 'step-end', step: 1, message: { role: 'assistant', content: [] }, stopReason: 'paused' },
  { type: 'attempt-discarded', step: 1, model: 'm', error: new Error('x'), nextModel: 'm', waitMs: 700 },
]
const REQUEST = { type: 'approval-request', step: 1, requests: [{ id: 'q', runId: 'r' } as never] } as const
const DECISION = { type: 'approval-decision', step: 1, decisions: [{ id: 'q', isApproved: true }] } as const

const act = fc.oneof(
  { weight: 40, arbitrary: fc.record({ type: fc.constant('pass'), ms: fc.integer({ min: 1, max: 2_500 }) }) },
  { weight: 30, arbitrary: fc.record({ type: fc.constant('event'), body: fc.constantFrom(...BODIES) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('ask') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('close') }) },
)

/** Decides as it was told to, again and again. */
function escalatorOf(decisions: readonly Decision[], clock: FakeClock): Escalator & { readonly wakes: Wake[] } {
  const wakes: Wake[] = []
  return {
    wakes,
    decide(wake) {
      wakes.push(wake)
      const { verdict: given, how } = decisions[wakes.length % decisions.length]!
      if (how === 'throws') throw given
      if (how === 'at once') return given as never
      if (how === 'never') return new Promise(() => {})
      return new Promise((resolve) => void clock.after(how === 'soon' ? 10 : 900, () => resolve(given as never)))
    },
  }
}

test('whatever happens and whatever is decided: no more is done than is allowed, and nothing after the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 10, maxLength: 60, size: 'max' }),
      fc.array(decision, { minLength: 1, maxLength: 6 }),
      fc.record({ maxExtensions: fc.nat(3), maxNudges: fc.nat(3), patterns: fc.boolean() }),
      fc.constantFrom(undefined, undefined, 20_000),
      async (acts, decisions, options, hardDeadlineMs) => {
        const clock = fakeClock()
        const escalator = escalatorOf(decisions, clock)
        const run = fakeRun(clock)
        const critic = createCritic({
          clock,
          escalator,
          idleMs: 1_000,
          escalationTimeoutMs: 500,
          maxExtension: { steps: 3, timeMs: 2_000 },
          ...(hardDeadlineMs !== undefined && { hardDeadlineMs }),
          ...options,
          logger: recordingLogger(),
        })
        const watch = critic.watch(run, NEW)
        let closedAt: { readonly done: number; readonly wakes: number } | undefined
        for (const one of acts) {
          if (one.type === 'pass') await clock.advance('ms' in one ? one.ms : 0)
          else if (one.type === 'close') {
            watch.close()
            closedAt ??= { done: run.done.length, wakes: escalator.wakes.length }
          } else if (one.type === 'ask') {
            // Nothing is asked, done or counted while people are.
            watch.event(run.event(REQUEST))
            run.pause()
            await clock.advance(0)
            const wakes = escalator.wakes.length
            await clock.advance(20_000)
            assert.equal(escalator.wakes.length, wakes)
            run.resume()
            watch.event(run.event(DECISION))
          } else if ('body' in one) watch.event(run.event(one.body))

          const { elapsedMs } = run.progress()
          const kills = run.done.filter((what) => what.startsWith('kill'))
          const extensions = run.done.filter((what) => what.startsWith('extend'))
          assert.ok(run.done.filter((what) => what.startsWith('nudge')).length <= options.maxNudges)
          assert.ok(extensions.length <= options.maxExtensions)
          for (const extension of extensions) assert.match(extension, /^extend [0-3] (?:2000|[01]?\d{1,3})$/)
          assert.ok(kills.length === 0 || (kills.length === 1 && run.done.at(-1) === kills[0]))
          if (closedAt === undefined && hardDeadlineMs !== undefined && elapsedMs >= hardDeadlineMs)
            assert.equal(kills.length, 1)
          if (kills.length === 1) closedAt ??= { done: run.done.length, wakes: escalator.wakes.length }
          if (closedAt !== undefined)
            assert.deepEqual({ done: run.done.length, wakes: escalator.wakes.length }, closedAt)
        }
        watch.close()
        await clock.advance(1_000)
        assert.equal(clock.pending, 0)
      },
    ),
    { numRuns: 200 },
  )
})
