import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import type { Job } from '../job.ts'
import { memoryScheduleStore } from '../memory-store.ts'
import { handHeld, HOUR, MINUTE, NOON, scene, settle, wordsOf } from '../scene.test-kit.ts'

test('what is due is done, and its handler is given all of it', async () => {
  const { schedule, clock, begun } = scene()
  await schedule.add({ id: 'a', name: 'Tea', owner: 'eve', trigger: { everyMs: MINUTE }, payload: { cups: 2 } })
  expect(await schedule.tick()).toEqual([])
  await clock.advance(MINUTE + 5)
  expect(await schedule.tick()).toEqual([
    { id: `a@${NOON + MINUTE}`, jobId: 'a', dueAtMs: NOON + MINUTE, outcome: 'ran' },
  ])
  expect(begun).toEqual([
    {
      id: `a@${NOON + MINUTE}`,
      jobId: 'a',
      name: 'Tea',
      owner: 'eve',
      payload: { cups: 2 },
      dueAtMs: NOON + MINUTE,
      startedAtMs: NOON + MINUTE + 5,
    },
  ])
  expect(await schedule.tick()).toEqual([])
  expect(await schedule.history('a')).toEqual([
    {
      id: `a@${NOON + MINUTE}`,
      dueAtMs: NOON + MINUTE,
      startedAtMs: NOON + MINUTE + 5,
      expiresAtMs: NOON + MINUTE + 5 + 600_000 + 10_000 + 60_000,
      endedAtMs: NOON + MINUTE + 5,
      outcome: 'ran',
    },
  ])
})

test('the next time is kept before the handler begins, with the firing', async () => {
  const seen: (Job | undefined)[] = []
  const { schedule, store, clock } = scene({ run: async ({ jobId }) => void seen.push(await store.get(jobId)) })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  await schedule.tick()
  expect(seen).toMatchObject([{ nextAtMs: NOON + 2 * MINUTE, lastAtMs: NOON + MINUTE, runs: 1 }])
  expect(seen[0]?.lastOutcome).toBeUndefined()
})

test.each<[string, () => unknown, string]>([
  [
    'throws',
    () => {
      throw new Error('it rained')
    },
    'it rained',
  ],
  ['rejects', () => Promise.reject(new TypeError('no tea')), 'no tea'],
  [
    'throws undefined',
    () => {
      throw undefined
    },
    'undefined',
  ],
  [
    'throws what cannot be told',
    () => {
      throw Object.create(null)
    },
    'something that cannot be told',
  ],
  [
    'throws an error whose message is no text',
    () => {
      throw Object.assign(new Error('x'), { message: 42 })
    },
    '42',
  ],
  [
    'gives what throws when it is asked for a then',
    () =>
      new Proxy(
        {},
        {
          get() {
            throw new Error('no then')
          },
        },
      ),
    'no then',
  ],
])('a handler that %s has failed, and the next time comes', async (_, run, error) => {
  const { schedule, clock, logger } = scene({ run })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  expect(await schedule.tick()).toMatchObject([{ outcome: 'failed', error }])
  expect(await schedule.history('a')).toMatchObject([{ outcome: 'failed', error }])
  expect(await schedule.get('a')).toMatchObject({ lastOutcome: 'failed', nextAtMs: NOON + 2 * MINUTE })
  expect(logger.lines).toMatchObject([{ level: 'error', message: expect.stringContaining(`failed: ${error}`) }])
})

test.each([[undefined], [null], [7], ['x'], [[]], [() => {}]])('a handler may give %o', async (value) => {
  const { schedule, clock } = scene({ run: () => value })
  await schedule.add({ trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  expect(await schedule.tick()).toMatchObject([{ outcome: 'ran' }])
})

test('a handler that hangs is aborted in time, has failed, and the job goes on', async () => {
  const held = handHeld()
  const { schedule, clock, begun } = scene({ run: held.run, timeoutMs: 5_000, graceMs: 1_000 })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await schedule.add({ id: 'b', trigger: { everyMs: MINUTE }, timeoutMs: 2_000 })
  await clock.advance(MINUTE)
  const ticked = schedule.tick()
  await clock.advance(5_000)
  expect(held.signals.map(({ reason }) => (reason as Error).name)).toEqual(['TimeoutError', 'TimeoutError'])
  await clock.advance(1_000)
  expect(await ticked).toMatchObject([
    { jobId: 'a', outcome: 'failed', error: 'it took longer than 5000 ms' },
    { jobId: 'b', outcome: 'failed', error: 'it took longer than 2000 ms' },
  ])
  await clock.advance(MINUTE)
  void schedule.tick()
  await settle()
  expect(begun).toHaveLength(4)
})

test('a handler that ends after it was aborted for time has failed all the same', async () => {
  const held = handHeld()
  const { schedule, clock } = scene({ run: held.run, timeoutMs: 5_000 })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  const ticked = schedule.tick()
  await clock.advance(5_000)
  held.end(0)
  expect(await ticked).toMatchObject([{ outcome: 'failed', error: 'it took longer than 5000 ms' }])
  expect(clock.pending).toBe(0)
})

test('so many are at work at once as concurrency says, those due longest first', async () => {
  const held = handHeld()
  const { schedule, clock, begun } = scene({ run: held.run, concurrency: 2 })
  for (const [id, ms] of [
    ['d', 4],
    ['a', 1],
    ['c', 3],
    ['b', 2],
  ] as const)
    await schedule.add({ id, trigger: { atMs: NOON + ms } })
  await clock.advance(10)
  const ticked = schedule.tick()
  const other = schedule.tick()
  const ids = () => begun.map(({ jobId }) => jobId).join('')
  await settle()
  expect(ids()).toBe('ab')
  held.end(1)
  await settle()
  expect(ids()).toBe('abc')
  held.end(0)
  held.end(2)
  await settle()
  expect(ids()).toBe('abcd')
  held.end(3)
  const reports = [...(await ticked), ...(await other)]
  expect(
    reports
      .filter(({ outcome }) => outcome === 'ran')
      .map(({ jobId }) => jobId)
      .toSorted(),
  ).toEqual(['a', 'b', 'c', 'd'])
})

test('a tick that is aborted begins nothing more, aborts what is at work, and ends when that has', async () => {
  const held = handHeld()
  const { schedule, clock, begun } = scene({ run: held.run, concurrency: 1, graceMs: 1_000 })
  for (const id of ['a', 'b']) await schedule.add({ id, trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  const controller = new AbortController()
  const ticked = schedule.tick(undefined, { signal: controller.signal })
  await settle()
  controller.abort(new Error('enough'))
  expect(held.signals[0]?.reason).toEqual(new Error('enough'))
  await clock.advance(1_000)
  expect(await ticked).toMatchObject([{ jobId: 'a', outcome: 'failed', error: 'it was stopped, and it did not end' }])
  expect(begun).toHaveLength(1)
  expect(await schedule.tick(undefined, { signal: controller.signal })).toEqual([])
})

test('a store that fails makes a tick reject, when what it had begun has ended and is kept', async () => {
  const { schedule, store, clock } = scene({ concurrency: 1 })
  for (const id of ['a', 'b']) await schedule.add({ id, trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  const due = store.due.bind(store)
  let asked = 0
  store.due = (query) => {
    asked += 1
    return asked === 2 ? Promise.reject(new StoreError('io', 'no disk')) : due(query)
  }
  await expect(schedule.tick()).rejects.toMatchObject({ code: 'io' })
  expect(await schedule.get('a')).toMatchObject({ lastOutcome: 'ran' })
  expect(wordsOf(await schedule.tick())).toEqual(['b 12:01:00 ran'])
})

test('the end of a firing is kept also when the store fails for a moment', async () => {
  const { schedule, store, clock } = scene()
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  const save = store.save.bind(store)
  let saved = 0
  store.save = (job, options) => {
    saved += 1
    return saved === 2 || saved === 3 ? Promise.reject(new StoreError('busy', 'later')) : save(job, options)
  }
  const ticked = schedule.tick()
  await clock.advance(1_000)
  expect(await ticked).toMatchObject([{ outcome: 'ran' }])
  expect(await schedule.history('a')).toMatchObject([{ outcome: 'ran' }])
})

test('a job that is removed or changed while it is at work ends, and stays as it was made', async () => {
  const held = handHeld()
  const { schedule, clock } = scene({ run: held.run })
  for (const id of ['removed', 'changed']) await schedule.add({ id, trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  const ticked = schedule.tick()
  await settle()
  await schedule.remove('removed')
  await schedule.update('changed', { name: 'Tea', trigger: { everyMs: HOUR } })
  held.end(0)
  held.end(1)
  expect((await ticked).map(({ outcome }) => outcome)).toEqual(['ran', 'ran'])
  expect(await schedule.get('removed')).toBeUndefined()
  expect(await schedule.get('changed')).toMatchObject({
    name: 'Tea',
    lastOutcome: 'ran',
    nextAtMs: NOON + MINUTE + HOUR,
  })
})

test('a job that is made anew under the id of one at work begins with no history', async () => {
  const held = handHeld()
  const { schedule, clock } = scene({ run: held.run })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await clock.advance(MINUTE)
  const ticked = schedule.tick()
  await settle()
  await schedule.remove('a')
  await schedule.add({ id: 'a', trigger: { everyMs: HOUR } })
  held.end(0)
  expect(await ticked).toMatchObject([{ outcome: 'ran' }])
  expect(await schedule.history('a')).toEqual([])
  expect(await schedule.get('a')).toMatchObject({ runs: 0, nextAtMs: NOON + MINUTE + HOUR })
})

test.each([[Number.NaN], [-1], [1.5], [8.64e15], ['now']])('tick(%o) is refused', async (nowMs) => {
  await expect(scene().schedule.tick(nowMs as number)).rejects.toThrow('Expected `nowMs` to be')
})

test('of two schedules that look at the same moment one begins a firing, and the other tells that it was taken', async () => {
  const store = memoryScheduleStore()
  const hosts = [scene({}, store.connect()), scene({}, store.connect())]
  await hosts[0]!.schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  const reports = await Promise.all(hosts.map(({ schedule }) => schedule.tick(NOON + MINUTE)))
  expect(reports.map(wordsOf)).toEqual([['a 12:01:00 ran'], ['a 12:01:00 taken']])
  expect(hosts.map(({ begun }) => begun.length)).toEqual([1, 0])
})
