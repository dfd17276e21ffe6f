import type { Clock } from '@executus/core'
import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { fakeRun, NEW, scriptedEscalator, watchedHost } from './critic.test-kit.ts'
import { createCritic } from './critic.ts'
import { Silence } from './silence.ts'

/** A clock whose hands a test moves while its timers go on as before; a plain one has nothing that only grows. */
function movedClock(isPlain = false) {
  const inner = fakeClock()
  let offMs = 0
  const clock: Clock & { set(ms: number): void; advance(ms: number): Promise<void> } = {
    now: () => inner.now() + offMs,
    ...(!isPlain && { monotonicMs: () => inner.now() }),
    after: (delayMs, callback) => inner.after(delayMs, callback),
    set: (ms) => void (offMs += ms),
    advance: (ms) => inner.advance(ms),
  }
  return clock
}

const HOUR = 3_600_000

test.each([
  [HOUR, false],
  [-HOUR, false],
  [HOUR, true],
  [-HOUR, true],
  [5_000, true],
  [-5_000, true],
])('a clock that is set by %i ms makes no run silent that is not (a plain clock: %s)', async (ms, isPlain) => {
  const clock = movedClock(isPlain)
  const escalator = scriptedEscalator()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator }).watch(run, NEW)
  for (let round = 0; round < 20; round++) {
    await clock.advance(50_000)
    if (round === 5) clock.set(ms)
    watch.event(run.event({ type: 'step-start', step: round }))
  }
  expect(escalator.wakes).toEqual([])
})

test.each([HOUR, -HOUR])('a clock that is set by %i ms does not hide a silence', async (ms) => {
  const clock = movedClock()
  const escalator = scriptedEscalator()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator }).watch(run, NEW)
  clock.set(ms)
  await clock.advance(40_000)
  watch.event(run.event({ type: 'tool-call-start', step: 1, callId: 'c', tool: 't', argumentsText: '' }))
  clock.set(-ms)
  await clock.advance(89_999)
  expect(escalator.wakes).toEqual([])
  await clock.advance(1)
  expect(escalator.wakes).toMatchObject([{ cause: { idleMs: 90_000, tools: [{ tool: 't', forMs: 90_000 }] } }])
})

test.each([HOUR, -HOUR])('a plain clock that is set by %i ms hides a silence for one window at most', async (ms) => {
  const clock = movedClock(true)
  const escalator = scriptedEscalator()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator }).watch(run, NEW)
  await clock.advance(40_000)
  clock.set(ms)
  watch.event(run.event({ type: 'step-start', step: 1 }))
  await clock.advance(180_000)
  expect(escalator.wakes).toHaveLength(1)
})

test.each([HOUR, -HOUR])('a clock that is set by %i ms moves no hard deadline', async (ms) => {
  const clock = movedClock()
  const run = fakeRun(clock)
  createCritic({ clock, escalator: scriptedEscalator(), hardDeadlineMs: 1_000_000 }).watch(run, NEW)
  await clock.advance(40_000)
  clock.set(ms)
  await clock.advance(959_999)
  expect(run.done).toEqual([])
  await clock.advance(1)
  expect(run.done).toEqual(['kill it worked for longer than its hard deadline of 1000000 ms'])
})

test('while a clock is behind, a run that waits for people does not use up its hard deadline', async () => {
  const clock = movedClock()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator: scriptedEscalator(), hardDeadlineMs: 200_000 }).watch(run, NEW)
  clock.set(-HOUR)
  watch.event(run.event({ type: 'approval-request', step: 1, requests: [{ id: 'q', runId: 'r' } as never] }))
  run.pause()
  await clock.advance(HOUR / 2)
  expect(run.done).toEqual([])
})

test('time in which the machine slept is no silence', async () => {
  const inner = fakeClock()
  let sleptMs = 0
  const clock: Clock = { now: () => inner.now() + sleptMs, after: (delayMs, back) => inner.after(delayMs, back) }
  const escalator = scriptedEscalator()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator }).watch(run, NEW)
  await inner.advance(40_000)
  watch.event(run.event({ type: 'step-start', step: 1 }))
  sleptMs = HOUR
  await inner.advance(89_999)
  expect(escalator.wakes).toEqual([])
  await inner.advance(1)
  expect(escalator.wakes).toMatchObject([{ cause: { idleMs: 90_000 } }])
})

test('a clock that tells parts of a millisecond makes whole windows', async () => {
  const inner = fakeClock()
  const delays: number[] = []
  const clock: Clock = {
    now: () => inner.now(),
    monotonicMs: () => inner.now() * 1.000_001,
    after(delayMs, callback) {
      delays.push(delayMs)
      return inner.after(delayMs, callback)
    },
  }
  const escalator = scriptedEscalator()
  const run = fakeRun(clock)
  const watch = createCritic({ clock, escalator, hardDeadlineMs: 215_000 }).watch(run, NEW)
  await inner.advance(40_000)
  watch.event(run.event({ type: 'step-start', step: 1 }))
  await inner.advance(170_000)
  expect(escalator.wakes.map(({ cause }) => cause.type === 'idle' && Number.isInteger(cause.idleMs))).toEqual([true])
  expect(delays.map((delayMs) => Number.isInteger(delayMs))).toEqual([true, true, true])
})

test('a timer that fires before its clock has moved counts', () => {
  const silence = new Silence(100)
  silence.arm(5, 100)
  silence.pass()
  expect(silence).toMatchObject({ silentMs: 100, leftMs: 0 })
})

test('an extension does not end a run whose clock was set forward', async () => {
  const clock = movedClock()
  const host = watchedHost([{ text: 'Hm.', delayMs: 100_000 }, { text: 'Done.' }], { clock }, { clock })
  const run = host.executor.start({ name: 'a' }, 'go')
  const raised: number[] = []
  run.on('limits-raised', ({ timeoutMs }) => raised.push(timeoutMs))
  await clock.advance(10_000)
  clock.set(HOUR)
  await clock.advance(80_000)
  await host.clock.advance(100_000)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(raised).toEqual([690_000])
})

test('hundreds of runs cost one timer each, however much they stream, and none when they have ended', async () => {
  const clock = fakeClock()
  let armed = 0
  const counting: Clock = {
    now: () => clock.now(),
    after(delayMs, callback) {
      armed += 1
      return clock.after(delayMs, callback)
    },
  }
  const critic = createCritic({ clock: counting, escalator: scriptedEscalator() })
  const watches = Array.from({ length: 300 }, (_, index) => {
    const run = fakeRun(clock, { runId: `r${index}` })
    return { run, watch: critic.watch(run, NEW) }
  })
  for (let turn = 0; turn < 100; turn++)
    for (const { run, watch } of watches) watch.event(run.event({ type: 'text-delta', step: 1, text: 'word ' }))
  expect(clock.pending).toBe(300)
  expect(armed).toBe(300)
  for (const { watch } of watches) watch.close()
  expect(clock.pending).toBe(0)
})

test('without windows and deadlines there is no timer at all', () => {
  const clock = fakeClock()
  createCritic({ clock, idleMs: Number.POSITIVE_INFINITY }).watch(fakeRun(clock), NEW)
  expect(clock.pending).toBe(0)
})
