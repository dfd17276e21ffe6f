import { expect, test } from 'vitest'

import type { JobChange, NewJob } from './job.ts'
import type { ScheduleOptions } from './options.ts'
import { HOUR, MINUTE, NOON, scene } from './scene.test-kit.ts'
import { createSchedule } from './schedule.ts'

const everyMinute = { everyMs: MINUTE }

test('add() gives the job as it is kept, and get() gives it', async () => {
  const { schedule } = scene({ ids: { next: () => 'id-1' } })
  const job = await schedule.add({
    name: 'Tea',
    owner: 'eve',
    trigger: { cron: '0 9 * * *', timeZone: 'Europe/Oslo' },
    payload: { cups: 2 },
    jitterMs: 0,
  })
  expect(job).toEqual({
    id: 'id-1',
    name: 'Tea',
    owner: 'eve',
    trigger: { cron: '0 9 * * *', timeZone: 'Europe/Oslo' },
    payload: { cups: 2 },
    missed: 'once',
    jitterMs: 0,
    isEnabled: true,
    dueAtMs: Date.UTC(2026, 0, 7, 8),
    nextAtMs: Date.UTC(2026, 0, 7, 8),
    runs: 0,
    createdAtMs: NOON,
    version: 1,
    revision: 1,
  })
  expect(await schedule.get('id-1')).toEqual(job)
  expect(await schedule.get('nobody')).toBeUndefined()
})

test.each<[NewJob['trigger'], number, object]>([
  [{ cron: '*/5 * * * *' }, NOON + 5 * MINUTE, { cron: '*/5 * * * *', timeZone: 'UTC' }],
  [{ everyMs: HOUR }, NOON + HOUR, { everyMs: HOUR, anchorMs: NOON }],
  [{ everyMs: HOUR, anchorMs: 30 * MINUTE }, NOON + 30 * MINUTE, { everyMs: HOUR, anchorMs: 30 * MINUTE }],
  [{ everyMs: HOUR, anchorMs: NOON + 5 * HOUR }, NOON + 5 * HOUR, { everyMs: HOUR, anchorMs: NOON + 5 * HOUR }],
  [{ atMs: NOON + 1 }, NOON + 1, { atMs: NOON + 1 }],
  [{ atMs: NOON - MINUTE }, NOON - MINUTE, { atMs: NOON - MINUTE }],
  [{ at: '2026-01-06T14:00', timeZone: 'Europe/Oslo' }, NOON + HOUR, { atMs: NOON + HOUR }],
  [{ at: '2026-01-06T14:00+02:00' }, NOON, { atMs: NOON }],
  [{ named: 'full-moon' }, NOON + 12_345, { named: 'full-moon' }],
])('a job of %o is first due at %d', async (trigger, dueAtMs, kept) => {
  const { schedule } = scene({ triggers: { 'full-moon': (after) => after + 12_345 } })
  expect(await schedule.add({ trigger })).toMatchObject({ dueAtMs, nextAtMs: dueAtMs, trigger: kept })
})

test.each<[unknown, string]>([
  [undefined, 'Expected `job` to be an object'],
  [{}, 'Expected `trigger` to be an object, got `undefined`'],
  [{ trigger: {} }, 'Expected `trigger` to have one of cron, everyMs, atMs, at, named'],
  [{ trigger: { cron: '0 0 30 2 *' } }, 'Expected `trigger` to have a time to come'],
  [{ trigger: { cron: 'soon' } }, 'Expected `trigger.cron` to be a cron expression'],
  [{ trigger: { cron: 7 } }, 'Expected `trigger.cron` to be a string, got `7`'],
  [{ trigger: { cron: '* * * * *', timeZone: 'Mars/Base' } }, 'Expected `trigger.timeZone` to be a time zone'],
  [{ trigger: { cron: '* * * * *', everyMs: 5_000 } }, 'Expected `trigger` to have no option `everyMs`'],
  [{ trigger: { everyMs: 999 } }, 'Expected `trigger.everyMs` to be an integer from 1000 to'],
  [{ trigger: { everyMs: Number.NaN } }, 'Expected `trigger.everyMs` to be an integer from 1000 to'],
  [{ trigger: { everyMs: 1_000.5 } }, 'Expected `trigger.everyMs` to be an integer'],
  [{ trigger: { everyMs: 9_000_000_000_000_000 } }, 'Expected `trigger.everyMs` to be an integer'],
  [{ trigger: { everyMs: 253_402_300_000_000 } }, 'Expected `trigger` to have a time to come'],
  [{ trigger: { everyMs: 1_000, anchorMs: -1 } }, 'Expected `trigger.anchorMs` to be whole milliseconds since 1970'],
  [{ trigger: { atMs: Number.NaN } }, 'Expected `trigger.atMs` to be whole milliseconds since 1970'],
  [{ trigger: { atMs: '5' } }, 'Expected `trigger.atMs` to be milliseconds since 1970'],
  [{ trigger: { atMs: 0 } }, 'Expected `trigger` to have a time to come, got `1970-01-01T00:00:00.000Z`'],
  [{ trigger: { atMs: NOON - MINUTE - 1 } }, 'Expected `trigger` to have a time to come'],
  [{ trigger: { atMs: 253_402_300_800_000 } }, 'Expected `trigger.atMs` to be whole milliseconds since 1970'],
  [{ trigger: { at: 'tomorrow' } }, 'Expected `trigger.at` to be a date and time'],
  [{ trigger: { named: 'toString' } }, "to be one of the options' triggers"],
  [{ trigger: everyMinute, id: ' ' }, 'Expected `job.id` to be a string that is not blank'],
  [{ trigger: everyMinute, id: 7 }, 'Expected `job.id` to be a string'],
  [{ trigger: everyMinute, missed: 'never' }, 'Expected `job.missed` to be one of skip, once, all'],
  [{ trigger: everyMinute, jitterMs: -1 }, 'Expected `job.jitterMs` to be an integer from 0'],
  [{ trigger: everyMinute, timeoutMs: Number.POSITIVE_INFINITY }, 'Expected `job.timeoutMs` to be an integer from 1'],
  [{ trigger: everyMinute, mayOverlap: 1 }, 'Expected `job.mayOverlap` to be a boolean'],
  [{ trigger: everyMinute, isEnabled: 'yes' }, 'Expected `job.isEnabled` to be a boolean'],
  [{ trigger: everyMinute, payload: 5n }, 'Expected `job.payload` to be plain JSON'],
  [{ trigger: everyMinute, payload: () => {} }, 'Expected `job.payload` to be plain JSON, got a function'],
  [{ trigger: everyMinute, name: '' }, 'Expected `job.name` to be a string that is not blank'],
  [{ trigger: everyMinute, every: 5 }, 'Expected `job` to have no option `every`'],
])('the job %o is refused', async (job, message) => {
  const { schedule } = scene()
  const refused = await schedule.add(job as NewJob).catch((error: unknown) => error)
  expect(refused).toSatisfy((error) => error instanceof TypeError || error instanceof RangeError)
  expect((refused as Error).message).toContain(message)
  expect((await schedule.list()).jobs).toEqual([])
})

test('add() refuses an id that is there, and what becomes of the payload afterwards changes nothing', async () => {
  const { schedule } = scene()
  const payload = { list: [1] }
  const job = await schedule.add({ id: 'a', trigger: everyMinute, payload })
  payload.list.push(2)
  ;(job.payload as typeof payload).list.push(3)
  expect((await schedule.get('a'))?.payload).toEqual({ list: [1] })
  await expect(schedule.add({ id: 'a', trigger: everyMinute })).rejects.toMatchObject({ code: 'exists' })
})

test('update() changes what it is told, and the next time only with the trigger', async () => {
  const { schedule, clock } = scene()
  const job = await schedule.add({ id: 'a', name: 'Tea', owner: 'eve', trigger: everyMinute, timeoutMs: 5 })
  await clock.advance(10_000)
  const renamed = await schedule.update('a', { name: 'Coffee', owner: undefined, timeoutMs: undefined, payload: 7 })
  const { owner: _, timeoutMs: __, ...rest } = job
  expect(renamed).toEqual({ ...rest, name: 'Coffee', payload: 7, version: 2, revision: 2 })
  const moved = await schedule.update('a', { trigger: everyMinute, missed: 'all' }, { version: 2 })
  expect(moved).toMatchObject({ nextAtMs: NOON + 70_000, missed: 'all', version: 3 })
  expect(await schedule.get('a')).toEqual(moved)
})

test('update() is fenced when somebody else has changed the job, but not when it was fired', async () => {
  const { schedule, clock } = scene()
  await schedule.add({ id: 'a', trigger: everyMinute })
  await clock.advance(MINUTE)
  await schedule.tick()
  await schedule.update('a', { name: 'one' }, { version: 1 })
  await expect(schedule.update('a', { name: 'two' }, { version: 1 })).rejects.toMatchObject({ code: 'fenced' })
  expect(await schedule.get('a')).toMatchObject({ name: 'one', version: 2, runs: 1, lastOutcome: 'ran' })
  await expect(schedule.update('nobody', {})).rejects.toMatchObject({ code: 'not-found' })
})

test.each<[unknown, string]>([
  [{ id: 'b' }, 'Expected `change` to have no option `id`'],
  [{ isEnabled: false }, 'Expected `change` to have no option `isEnabled`'],
  [{ trigger: { atMs: 5 } }, 'Expected `trigger` to have a time to come'],
  [{ payload: 5n }, 'Expected `job.payload` to be plain JSON'],
  [{ jitterMs: 0.5 }, 'Expected `job.jitterMs` to be an integer'],
])('the change %o is refused, and changes nothing', async (change, message) => {
  const { schedule } = scene()
  const job = await schedule.add({ id: 'a', trigger: everyMinute })
  await expect(schedule.update('a', change as JobChange)).rejects.toThrow(message)
  expect(await schedule.get('a')).toEqual(job)
})

test('a disabled job is never due, and enabled it is due from then on', async () => {
  const { schedule, clock, begun } = scene()
  await schedule.add({ id: 'a', trigger: everyMinute, missed: 'all' })
  const disabled = await schedule.disable('a')
  expect(disabled).toMatchObject({ isEnabled: false, version: 2 })
  expect(disabled.nextAtMs).toBeUndefined()
  expect(await schedule.disable('a')).toMatchObject({ version: 2 })
  await clock.advance(90_000)
  expect(await schedule.tick()).toEqual([])
  expect(await schedule.enable('a')).toMatchObject({ isEnabled: true, nextAtMs: NOON + 2 * MINUTE, version: 3 })
  await clock.advance(MINUTE)
  await schedule.tick()
  expect(begun.map(({ dueAtMs }) => dueAtMs)).toEqual([NOON + 2 * MINUTE])
  await expect(schedule.enable('nobody')).rejects.toMatchObject({ code: 'not-found' })
  await expect(schedule.disable('nobody')).rejects.toMatchObject({ code: 'not-found' })
})

test('a job can be made disabled, and its trigger is changed without enabling it', async () => {
  const { schedule } = scene()
  const job = await schedule.add({ id: 'a', trigger: everyMinute, isEnabled: false })
  expect([job.isEnabled, job.nextAtMs]).toEqual([false, undefined])
  const changed = await schedule.update('a', { trigger: { everyMs: HOUR } })
  expect([changed.isEnabled, changed.nextAtMs, changed.trigger]).toEqual([
    false,
    undefined,
    { everyMs: HOUR, anchorMs: NOON },
  ])
  expect(await schedule.enable('a')).toMatchObject({ nextAtMs: NOON + HOUR })
})

test('a job of one time is kept when it has run, until it is swept or given another time', async () => {
  const { schedule, clock } = scene()
  for (const id of ['a', 'b']) await schedule.add({ id, trigger: { atMs: NOON + MINUTE } })
  await clock.advance(MINUTE)
  await schedule.tick()
  const done = await schedule.get('a')
  expect(done).toMatchObject({ isEnabled: true, lastOutcome: 'ran', lastAtMs: NOON + MINUTE, endedAtMs: NOON + MINUTE })
  expect(done?.nextAtMs).toBeUndefined()
  const again = await schedule.update('a', { trigger: { atMs: NOON + HOUR } })
  expect([again.nextAtMs, again.endedAtMs]).toEqual([NOON + HOUR, undefined])
  expect(await schedule.sweep({ endedBeforeMs: NOON + MINUTE, limit: 9 })).toBe(0)
  expect(await schedule.sweep({ endedBeforeMs: NOON + MINUTE + 1, limit: 9 })).toBe(1)
  expect((await schedule.list()).jobs.map(({ id }) => id)).toEqual(['a'])
})

test('list() gives the jobs of an owner by their next time, in pages', async () => {
  const { schedule } = scene()
  for (const [id, owner, minutes] of [
    ['a', 'eve', 3],
    ['b', 'eve', 1],
    ['c', 'bob', 2],
    ['d', 'eve', 2],
  ] as const)
    await schedule.add({ id, owner, trigger: { atMs: NOON + minutes * MINUTE } })
  const first = await schedule.list({ owner: 'eve', limit: 2 })
  expect(first.jobs.map(({ id }) => id)).toEqual(['b', 'd'])
  const second = await schedule.list({ owner: 'eve', limit: 2, after: first.next! })
  expect(second.jobs.map(({ id }) => id)).toEqual(['a'])
  expect(second.next).toBeUndefined()
  await expect(schedule.list({ limit: 0 })).rejects.toThrow('Expected `query.limit` to be an integer of 1 or more')
})

test.each<[unknown, string]>([
  [{ store: {} }, 'Expected `options.store` to be an object with a method `add`'],
  [{ run: 7 }, 'Expected `options.run` to be a function, got `7`'],
  [{ triggers: { moon: 7 } }, 'Expected `options.triggers.moon` to be a function, got `7`'],
  [{ timeZone: 'Mars/Base' }, 'Expected `trigger.timeZone` to be a time zone'],
  [{ concurrency: 0 }, 'Expected `options.concurrency` to be an integer of 1 or more, got `0`'],
  [{ timeoutMs: 0 }, 'Expected `options.timeoutMs` to be an integer from 1 to'],
  [{ timeoutMs: 2 ** 31 }, 'Expected `options.timeoutMs` to be an integer from 1 to'],
  [{ graceMs: -1 }, 'Expected `options.graceMs` to be an integer from 0 to'],
  [{ missedAfterMs: -1 }, 'Expected `options.missedAfterMs` to be an integer of 0 or more'],
  [{ maxCatchUp: 0 }, 'Expected `options.maxCatchUp` to be an integer from 1 to'],
  [{ historySize: 0 }, 'Expected `options.historySize` to be an integer from 1 to'],
  [{ clock: {} }, 'Expected `options.clock` to be an object with a method `now`'],
  [{ logger: {} }, 'Expected `options.logger` to be an object with a method `warn`'],
  [{ handler: () => {} }, 'Expected `options` to have no option `handler`'],
])('createSchedule(%o) is refused', (options, message) => {
  expect(() => createSchedule(options as ScheduleOptions)).toThrow(message)
})

test('a schedule without a handler keeps jobs, and does none', async () => {
  const schedule = createSchedule()
  await schedule.add({ trigger: everyMinute })
  await expect(schedule.tick()).rejects.toThrow('Expected `options.run` to be a function, to do what is due')
  await expect(schedule.loop({ signal: new AbortController().signal })).rejects.toThrow('Expected `options.run`')
})
