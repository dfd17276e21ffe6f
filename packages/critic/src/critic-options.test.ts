import { type RunEvent, userMessage } from '@executus/core'
import { fakeClock, recordingLogger } from '@executus/core/testing'
import { expect, test } from 'vitest'

import type { CriticOptions } from './critic-options.ts'
import { fakeRun, NEW, scriptedEscalator } from './critic.test-kit.ts'
import { createCritic } from './critic.ts'
import { extendOnce } from './extend-once.ts'
import { modelEscalator } from './judge/model-escalator.ts'

test.each<[unknown, string]>([
  [{ idle: 1 }, 'Expected `options` to have no option `idle`.'],
  [{ idleMs: 0 }, 'Expected `options.idleMs` to be an integer of 1 or more, got `0`'],
  [{ idleMs: '90s' }, "Expected `options.idleMs` to be an integer of 1 or more, got `'90s'`"],
  [{ hardDeadlineMs: Number.NaN }, 'Expected `options.hardDeadlineMs` to be an integer of 1 or more, got `NaN`'],
  [{ escalationTimeoutMs: -1 }, 'Expected `options.escalationTimeoutMs` to be an integer of 1 or more, got `-1`'],
  [{ maxExtensions: -1 }, 'Expected `options.maxExtensions` to be an integer of 0 or more, got `-1`'],
  [{ maxNudges: 0.5 }, 'Expected `options.maxNudges` to be an integer of 0 or more, got `0.5`'],
  [{ maxExtension: { ms: 1 } }, 'Expected `options.maxExtension` to have no option `ms`.'],
  [{ maxExtension: { steps: -1 } }, 'Expected `options.maxExtension.steps` to be an integer of 0 or more, got `-1`'],
  [{ escalator: {} }, 'Expected `options.escalator` to be an object with a method `decide`, got an object'],
  [{ patterns: { pingpong: 4 } }, 'Expected `options.patterns` to have no option `pingpong`.'],
  [
    { patterns: { repeatedAction: 1 } },
    'Expected `options.patterns.repeatedAction` to be an integer of 2 or more, got `1`',
  ],
  [{ patterns: 'all' }, "Expected `options.patterns` to be an object, got `'all'`"],
  [{ isWaiting: true }, 'Expected `options.isWaiting` to be a function, got `true`'],
  [{ clock: {} }, 'Expected `options.clock` to be an object with a method `now`, got an object'],
  [{ logger: {} }, 'Expected `options.logger` to be an object with a method `warn`, got an object'],
  [null, 'Expected `options` to be an object, got `null`'],
])('options %j are a mistake that is told', (options, message) => {
  expect(() => createCritic(options as CriticOptions)).toThrow(message)
})

test('options that are `undefined` are not given', () => {
  const names = ['idleMs', 'escalator', 'maxExtension', 'maxNudges', 'patterns', 'isWaiting', 'clock', 'logger']
  const options = Object.fromEntries(names.map((name) => [name, undefined])) as CriticOptions
  const clock = fakeClock()
  const watch = createCritic({ ...options, maxExtension: { steps: undefined } as never }).watch(fakeRun(clock), NEW)
  expect(() => watch.close()).not.toThrow()
})

test.each<[() => unknown, string]>([
  [() => extendOnce({ timeMs: -1 }), 'Expected `options.timeMs` to be an integer of 0 or more, got `-1`'],
  [() => extendOnce({ steps: 1.5 }), 'Expected `options.steps` to be an integer of 0 or more, got `1.5`'],
  [() => extendOnce({ text: ' ' }), 'Expected `options.text` to be a string that is not blank, got ` `'],
  [
    () => modelEscalator({ judge: {} as never }),
    'Expected `options.judge` to be an object with a method `generateWith`',
  ],
  [() => modelEscalator({ judge: () => ({}) as never, tier: '' }), 'Expected `options.tier` to be a string'],
  [() => modelEscalator({ judge: () => ({}) as never, instructions: '' }), 'Expected `options.instructions`'],
])('an escalator’s options are checked at once', (make, message) => {
  expect(make).toThrow(message)
})

test('extendOnce() gives what it was told to give, and says what it was told to say', async () => {
  const clock = fakeClock()
  const run = fakeRun(clock)
  createCritic({ clock, escalator: extendOnce({ timeMs: 5, steps: 2, text: 'Well?' }) }).watch(run, NEW)
  await clock.advance(180_000)
  expect(run.done).toEqual([
    'extend 2 5',
    'nudge Well?',
    'kill nothing was heard for 90000 ms, after it was given more room',
  ])
})

test('a run that waits for what the host knows of is not silent, and is looked at once a window', async () => {
  const clock = fakeClock()
  const run = fakeRun(clock)
  let isQueued = true
  let looks = 0
  const isWaiting: CriticOptions['isWaiting'] = ({ runId }) => {
    looks += 1
    return isQueued && runId === 'r'
  }
  createCritic({ clock, isWaiting }).watch(run, NEW)
  await clock.advance(900_000)
  expect(run.done).toEqual([])
  expect(looks).toBe(10)
  isQueued = false
  await clock.advance(90_000)
  expect(run.done).toHaveLength(2)
})

test.each<[string, CriticOptions['isWaiting']]>([
  ['throws', () => expect.fail('broken')],
  ['rejects', (() => Promise.reject(new Error('broken'))) as never],
])('an `isWaiting` that %s is logged, and nothing waits', async (_, isWaiting) => {
  const clock = fakeClock()
  const logger = recordingLogger()
  const run = fakeRun(clock)
  createCritic({ clock, logger, isWaiting: isWaiting! }).watch(run, NEW)
  await clock.advance(90_000)
  expect(run.done).toHaveLength(2)
  expect(logger.lines).toMatchObject([{ message: 'isWaiting failed for run r' }])
})

const result = { type: 'tool-result', callId: 'c', name: 't', content: [], isError: false } as const
const message = { role: 'assistant', content: [] } as const
const error = new Error('overloaded')
const child = { type: 'step-start', step: 1, seq: 1, runId: 'r/c', atMs: 0 } as RunEvent

test.each<[Parameters<ReturnType<typeof fakeRun>['event']>[0]]>([
  [{ type: 'phase-start', phase: 'p', index: 0, model: 'm' }],
  [{ type: 'phase-end', phase: 'p', index: 0, output: '' }],
  [{ type: 'step-start', step: 1 }],
  [{ type: 'text-delta', step: 1, text: 'x' }],
  [{ type: 'reasoning-delta', step: 1, text: 'x' }],
  [{ type: 'attempt-discarded', step: 1, model: 'm', error, nextModel: 'm', waitMs: 0 }],
  [{ type: 'tool-call-start', step: 1, callId: 'c', tool: 't', argumentsText: '' }],
  [{ type: 'tool-call-end', step: 1, callId: 'c', tool: 't', result, elapsedMs: 0 }],
  [
    {
      type: 'compaction',
      step: 1,
      strategy: 'none',
      tokensBefore: 1,
      tokensAfter: 1,
      messagesBefore: 1,
      messagesAfter: 1,
    },
  ],
  [{ type: 'limits-raised', step: 1, maxSteps: 1, timeoutMs: 1 }],
  [{ type: 'child-event', step: 1, callId: 'c', event: child }],
  [{ type: 'steer-delivered', step: 1, message: userMessage('x') }],
  [{ type: 'step-end', step: 1, message, stopReason: 'stop' }],
])('$type is a sign of life', async (body) => {
  const clock = fakeClock()
  const escalator = scriptedEscalator()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator }).watch(run, NEW)
  await clock.advance(60_000)
  watch.event(run.event(body))
  await clock.advance(89_999)
  expect(escalator.wakes).toEqual([])
  await clock.advance(1)
  expect(escalator.wakes).toMatchObject([{ cause: { type: 'idle', idleMs: 90_000 } }])
})

test.each([0, 30_000])(
  'a model that is asked again in a while is not silent until then (told at %i ms)',
  async (atMs) => {
    const clock = fakeClock()
    const escalator = scriptedEscalator()
    const run = fakeRun(clock)
    let timers = 0
    const after = (delayMs: number, callback: () => void) => {
      timers += 1
      return clock.after(delayMs, callback)
    }
    const watch = createCritic({ clock: { now: () => clock.now(), after }, escalator }).watch(run, NEW)
    const discarded = { type: 'attempt-discarded', step: 1, model: 'm', error, nextModel: 'm' } as const
    await clock.advance(atMs)
    watch.event(run.event({ ...discarded, waitMs: 50_000 }))
    watch.event(run.event({ ...discarded, waitMs: 200_000 }))
    await clock.advance(289_999)
    expect(escalator.wakes).toEqual([])
    await clock.advance(1)
    expect(escalator.wakes).toHaveLength(1)
    expect(timers).toBe(3)
  },
)
