import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import { memoryScheduleStore } from '../memory-store.ts'
import { clockText, handHeld, HOUR, MINUTE, NOON, scene, settle } from '../scene.test-kit.ts'

const times = (firings: readonly { readonly dueAtMs: number }[]) => firings.map(({ dueAtMs }) => clockText(dueAtMs))

test('a loop does what is due when it is due, without drift, on one timer', async () => {
  const { schedule, clock, begun } = scene()
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal, everyMs: HOUR })
  await settle()
  expect(clock.pending).toBe(1)
  await clock.advance(MINUTE - 1)
  expect(begun).toEqual([])
  await clock.advance(1)
  expect(begun).toHaveLength(1)
  await clock.advance(59 * MINUTE)
  expect(begun).toHaveLength(60)
  expect(begun.every(({ startedAtMs, dueAtMs }) => startedAtMs === dueAtMs)).toBe(true)
  expect(clock.pending).toBe(1)
  controller.abort()
  await looped
  expect(clock.pending).toBe(0)
})

test('a loop sees at once what is added, changed or enabled beside it, and what others add in everyMs', async () => {
  const store = memoryScheduleStore()
  const { schedule, clock, begun } = scene({}, store)
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal, everyMs: 10_000 })
  await settle()
  await schedule.add({ id: 'a', trigger: { atMs: NOON + 1_000 } })
  await clock.advance(1_000)
  expect(times(begun)).toEqual(['12:00:01'])
  await schedule.update('a', { trigger: { atMs: NOON + 2_000 } })
  await clock.advance(1_000)
  expect(times(begun)).toEqual(['12:00:01', '12:00:02'])
  await scene({ clock }, store).schedule.add({ id: 'b', trigger: { atMs: NOON + 3_000 } })
  await clock.advance(9_999)
  expect(begun).toHaveLength(2)
  await clock.advance(1)
  expect(begun).toHaveLength(3)
  controller.abort()
  await looped
})

test('a long firing holds up no other job, and its own goes on when it has ended', async () => {
  const held = handHeld()
  const { schedule, clock, begun } = scene({
    run: (firing, context) => (firing.jobId === 'long' ? held.run(firing, context) : undefined),
  })
  await schedule.add({ id: 'long', trigger: { everyMs: MINUTE }, missed: 'all' })
  await schedule.add({ id: 'short', trigger: { everyMs: MINUTE } })
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal })
  await clock.advance(3 * MINUTE)
  const of = (id: string) => times(begun.filter(({ jobId }) => jobId === id))
  expect(of('short')).toEqual(['12:01:00', '12:02:00', '12:03:00'])
  expect(of('long')).toEqual(['12:01:00'])
  held.end(0)
  await settle()
  expect(of('long')).toEqual(['12:01:00', '12:02:00'])
  held.end(1)
  await settle()
  expect(of('long')).toEqual(['12:01:00', '12:02:00', '12:03:00'])
  held.end(2)
  controller.abort()
  await looped
})

test('when all places are taken a loop waits for one, and asks the store no more than every everyMs', async () => {
  const held = handHeld()
  const { schedule, store, clock, begun } = scene({ run: held.run, concurrency: 1 })
  for (const id of ['a', 'b', 'c']) await schedule.add({ id, trigger: { everyMs: MINUTE } })
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal })
  await clock.advance(MINUTE)
  let asked = 0
  const nextAt = store.nextAt.bind(store)
  store.nextAt = (afterMs) => {
    asked += 1
    return nextAt(afterMs)
  }
  await clock.advance(MINUTE)
  expect(begun).toHaveLength(1)
  expect(asked).toBeLessThanOrEqual(7)
  held.end(0)
  await settle()
  expect(begun).toHaveLength(2)
  controller.abort()
  held.end(1)
  await looped
})

test('an aborted loop aborts what is at work, waits for it no longer than graceMs, and begins nothing more', async () => {
  const held = handHeld()
  const { schedule, clock, begun } = scene({ run: held.run, graceMs: 2_000 })
  for (const id of ['a', 'b']) await schedule.add({ id, trigger: { everyMs: MINUTE } })
  const controller = new AbortController()
  let isOver = false
  const looped = schedule.loop({ signal: controller.signal }).then(() => (isOver = true))
  await clock.advance(MINUTE)
  controller.abort(new Error('bye'))
  expect(held.signals.map(({ reason }) => (reason as Error).message)).toEqual(['bye', 'bye'])
  held.end(0)
  await clock.advance(1_999)
  expect(isOver).toBe(false)
  await clock.advance(1)
  await looped
  expect(await schedule.get('a')).toMatchObject({ lastOutcome: 'ran' })
  expect(await schedule.history('b')).toMatchObject([
    { outcome: 'failed', error: 'it was stopped, and it did not end' },
  ])
  await clock.advance(HOUR)
  expect(begun).toHaveLength(2)
  expect(clock.pending).toBe(0)
})

test('a store that fails is asked again after growing rests, and all is told', async () => {
  const { schedule, store, clock, begun, logger } = scene()
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE }, missed: 'once' })
  const due = store.due.bind(store)
  let asked = 0
  store.due = () => {
    asked += 1
    return Promise.reject(new StoreError('io', 'no disk'))
  }
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal })
  await clock.advance(HOUR)
  // What is added meanwhile does not make it ask sooner.
  for (let index = 0; index < 20; index++) await schedule.add({ trigger: { atMs: NOON + 24 * HOUR } })
  await settle()
  expect(asked).toBeGreaterThan(50)
  expect(asked).toBeLessThan(70)
  expect(logger.lines).toHaveLength(asked)
  expect(logger.lines[0]).toMatchObject({ level: 'error', message: 'A schedule could not ask its store' })
  store.due = due
  await clock.advance(MINUTE)
  expect(begun[0]).toMatchObject({ sinceMs: NOON + MINUTE, dueAtMs: NOON + HOUR })
  await clock.advance(9 * MINUTE)
  expect(begun).toHaveLength(11)
  expect(logger.lines).toHaveLength(asked)
  controller.abort()
  await looped
})

test('a loop ends when its store is closed, or while it rests', async () => {
  const { schedule, store, clock, logger } = scene()
  const looped = schedule.loop({ signal: new AbortController().signal })
  await settle()
  await store.close()
  await clock.advance(10_000)
  await looped
  expect(logger.lines).toMatchObject([{ message: 'The loop of a schedule ended, as its store is closed' }])

  const broken = scene()
  broken.store.nextAt = () => Promise.reject(new StoreError('busy', 'later'))
  const controller = new AbortController()
  const resting = broken.schedule.loop({ signal: controller.signal })
  await settle()
  controller.abort()
  await resting
  expect(broken.clock.pending).toBe(0)
})

test('jobs that fail, hang, or whose trigger is unknown never stop a loop', async () => {
  const store = memoryScheduleStore()
  const { schedule: other } = scene({ triggers: { moon: (after) => after + 1_000 } }, store)
  await other.add({ id: 'moon', trigger: { named: 'moon' } })
  const { schedule, clock, begun } = scene(
    {
      timeoutMs: 1_000,
      graceMs: 0,
      run({ jobId }) {
        if (jobId === 'fails') throw new Error('it rained')
        return jobId === 'hangs' ? new Promise(() => {}) : undefined
      },
    },
    store,
  )
  for (const id of ['fails', 'hangs', 'fine']) await schedule.add({ id, trigger: { everyMs: MINUTE } })
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal })
  await clock.advance(10 * MINUTE)
  for (const id of ['fails', 'hangs', 'fine']) expect(begun.filter(({ jobId }) => jobId === id)).toHaveLength(10)
  controller.abort()
  await clock.advance(0)
  await looped
})

test('a logger that throws stops nothing', async () => {
  const { schedule, clock, begun } = scene({
    logger: {
      warn() {},
      error() {
        throw new Error('no log')
      },
    },
    run() {
      throw new Error('it rained')
    },
  })
  await schedule.add({ trigger: { everyMs: MINUTE } })
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal })
  await clock.advance(3 * MINUTE)
  expect(begun).toHaveLength(3)
  controller.abort()
  await looped
})

test('a schedule loops once at a time, and again when it has ended', async () => {
  const { schedule } = scene()
  const controller = new AbortController()
  const looped = schedule.loop({ signal: controller.signal })
  await expect(schedule.loop({ signal: controller.signal })).rejects.toThrow('Expected a schedule that is not looping')
  controller.abort()
  await looped
  await schedule.loop({ signal: controller.signal })
})

test.each([
  [{}, 'Expected `options.signal` to be an AbortSignal, got `undefined`'],
  [{ signal: new AbortController().signal, everyMs: 1 }, 'Expected `options.everyMs` to be an integer from 100 to'],
  [{ signal: new AbortController().signal, every: 1 }, 'Expected `options` to have no option `every`'],
])('loop(%o) is refused', async (options, message) => {
  await expect(scene().schedule.loop(options as { signal: AbortSignal })).rejects.toThrow(message)
})
