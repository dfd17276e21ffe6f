// Whatever an escalator does, the run goes on as if it had said `wait`, and ends by its own limits.
import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { fakeRun, NEW, scriptedEscalator, watchedHost } from './critic.test-kit.ts'
import { createCritic } from './critic.ts'
import type { Escalator } from './escalator.ts'

const LIMIT = { limits: { timeoutMs: 400_000 } }

function hostile(decide: (...given: Parameters<Escalator['decide']>) => unknown): Escalator {
  return { decide: decide as Escalator['decide'] }
}

const GARBAGE: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'kill'],
  ['a number', 1],
  ['a function', () => ({ action: 'kill', reason: 'x' })],
  ['a list', [{ action: 'kill', reason: 'x' }]],
  ['an empty object', {}],
  ['an unknown action', { action: 'pause' }],
  ['an action that is none', { action: { toString: () => 'kill' } }],
  ['a nudge without a text', { action: 'nudge' }],
  ['a blank nudge', { action: 'nudge', text: ' \n' }],
  ['a nudge of a megabyte', { action: 'nudge', text: 'x'.repeat(2 ** 20) }],
  ['a nudge that is an object', { action: 'nudge', text: { length: 3, trim: () => 'x' } }],
  ['NaN more time', { action: 'extend', timeMs: Number.NaN }],
  ['endless time', { action: 'extend', timeMs: Number.POSITIVE_INFINITY }],
  ['less time', { action: 'extend', timeMs: -1 }],
  ['half a step', { action: 'extend', steps: 0.5 }],
  ['steps as a text', { action: 'extend', steps: '5' }],
  ['an extension that says nothing', { action: 'extend', timeMs: 1, text: '' }],
  ['a kill without a reason', { action: 'kill' }],
  ['a kill for a blank reason', { action: 'kill', reason: '' }],
]

const WAYS: readonly [string, (...given: Parameters<Escalator['decide']>) => unknown][] = [
  ['throws', () => expect.fail('broken')],
  [
    'throws undefined',
    () => {
      throw undefined
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
  ['never settles', () => new Promise(() => {})],
  // oxlint-disable-next-line unicorn/no-thenable -- this is what is tested
  ['never settles as a thenable', () => ({ then() {} })],
  [
    'has a `then` that throws',
    () => ({
      // oxlint-disable-next-line unicorn/no-thenable -- this is what is tested
      get then() {
        return expect.fail('broken')
      },
    }),
  ],
  [
    'gives a verdict that throws when it is read',
    () => ({
      get action() {
        return expect.fail('broken')
      },
    }),
  ],
  [
    'rejects when it is aborted',
    (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
  ],
  [
    'kills after its time',
    (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ action: 'kill', reason: 'late' }))),
  ],
  ...GARBAGE.map(([what, value]) => [`gives ${what}`, () => value] as [string, () => unknown]),
  ...GARBAGE.map(([what, value]) => [`resolves to ${what}`, () => Promise.resolve(value)] as [string, () => unknown]),
]

test.each(WAYS)('an escalator that %s is logged and hurts nobody', async (_, decide) => {
  const { executor, clock, logger } = watchedHost([{ stalls: true }], { escalator: hostile(decide) }, LIMIT)
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(400_000)
  const result = await run.result
  expect(result).toMatchObject({ status: 'timeout', elapsedMs: 400_000 })
  expect(logger.lines.length).toBeGreaterThan(1)
  for (const { level, message } of logger.lines)
    expect([level, message]).toEqual(['error', 'the escalator failed for run run-1'])
  expect(clock.pending).toBe(0)
})

test.each(WAYS)('an escalator that %s does not keep a run from its hard deadline', async (_, decide) => {
  const options = { escalator: hostile(decide), hardDeadlineMs: 100_000 }
  const { executor, clock } = watchedHost([{ stalls: true }], options, LIMIT)
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(100_000)
  expect(await run.result).toMatchObject({ status: 'killed', elapsedMs: 100_000 })
  expect(clock.pending).toBe(0)
})

test('an escalator that takes too long hears so, and is asked again a window later', async () => {
  const heard: unknown[] = []
  const escalator = hostile((_, { signal }) => {
    signal.addEventListener('abort', () => heard.push((signal.reason as Error).message))
    return new Promise(() => {})
  })
  const { executor, clock } = watchedHost([{ stalls: true }], { escalator, escalationTimeoutMs: 5_000 }, LIMIT)
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(95_000 + 94_999)
  expect(heard).toEqual(['it took longer than 5000 ms'])
  await clock.advance(5_001)
  expect(heard).toHaveLength(2)
  run.abort()
  await run.result
})

test('an escalator that extends for ever gives what the critic allows, and a word about it is logged', async () => {
  const escalator = scriptedEscalator(
    ...Array.from({ length: 20 }, () => ({
      action: 'extend',
      steps: Number.MAX_SAFE_INTEGER,
      timeMs: Number.MAX_SAFE_INTEGER,
    })),
  )
  const options = { escalator, maxExtensions: 2, maxExtension: { timeMs: 100_000 } }
  const { executor, clock, logger } = watchedHost([{ stalls: true }], options, LIMIT)
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(600_000)
  expect(await run.result).toMatchObject({ status: 'timeout', elapsedMs: 600_000 })
  expect(logger.lines[0]).toEqual({
    level: 'warn',
    message: 'run run-1 was not extended again: 2 times is the most',
    details: undefined,
  })
})

test('an escalator that nudges for ever is heard as often as the critic allows', async () => {
  const escalator = scriptedEscalator(...Array.from({ length: 20 }, () => ({ action: 'nudge', text: 'Hm?' })))
  const { executor, clock, model } = watchedHost(
    [{ text: 'Hi.', delayMs: 390_000 }, { text: 'Hi again.' }],
    { escalator, maxNudges: 2 },
    LIMIT,
  )
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(390_000)
  await run.result
  const said = model.requests[1]!.messages.filter(({ content }) => JSON.stringify(content).includes('Hm?'))
  expect(said).toHaveLength(2)
})

test('a verdict on a silence that ended meanwhile is not acted upon', async () => {
  const escalator = hostile(
    () => new Promise((resolve) => void host.clock.after(10_000, () => resolve({ action: 'kill', reason: 'silent' }))),
  )
  const host = watchedHost(
    [
      { text: 'Thinking aloud.', delayMs: 95_000, stopReason: 'paused' },
      { text: 'Done.', delayMs: 20_000 },
    ],
    { escalator },
  )
  const run = host.executor.start({ name: 'a' }, 'go')
  await host.clock.advance(115_000)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(host.logger.lines).toEqual([])
})

test('an escalator is not waited for when its run ends, and what it says then is not heard', async () => {
  const heard: unknown[] = []
  const escalator = hostile(
    (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          heard.push((signal.reason as Error).message)
          resolve({ action: 'nudge', text: 'x' })
        })
      }),
  )
  const { executor, clock, logger } = watchedHost([{ text: 'Hi.', delayMs: 91_000 }], { escalator })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(91_000)
  expect(await run.result).toMatchObject({ status: 'ok' })
  expect(heard).toEqual(['the run is not watched any more'])
  expect(logger.lines).toEqual([])
  expect(clock.pending).toBe(0)
})

test('an escalator that ends the run by itself, within the very question, is asked nothing more', async () => {
  let asked = 0
  const escalator = hostile(() => {
    asked += 1
    run.abort('enough')
    return { action: 'kill', reason: 'and killed' }
  })
  const { executor, clock } = watchedHost([{ stalls: true }], { escalator })
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(400_000)
  expect(await run.result).toMatchObject({ status: 'cancelled' })
  expect(asked).toBe(1)
  expect(clock.pending).toBe(0)
})

test('an escalator that ends the run and then never settles leaves no timer', async () => {
  const escalator = hostile(() => {
    watch.close()
    return new Promise(() => {})
  })
  const clock = fakeClock()
  const watch = createCritic({ clock, escalator }).watch(fakeRun(clock), NEW)
  await clock.advance(90_000)
  expect(clock.pending).toBe(0)
})

test('the reason of a kill is cut', async () => {
  const escalator = scriptedEscalator({ action: 'kill', reason: 'x'.repeat(2 ** 20) })
  const clock = fakeClock()
  const run = fakeRun(clock)
  createCritic({ clock, escalator }).watch(run, NEW)
  await clock.advance(90_000)
  expect(run.done).toEqual([`kill ${'x'.repeat(500)}`])
})

test('a log that fails hurts nobody', async () => {
  const logger = { warn: () => expect.fail('full'), error: () => Promise.reject(new Error('full')) as never }
  const { executor, clock } = watchedHost([{ stalls: true }], { escalator: hostile(() => null), logger }, LIMIT)
  const run = executor.start({ name: 'a' }, 'go')
  await clock.advance(400_000)
  expect(await run.result).toMatchObject({ status: 'timeout' })
})
