import { expect, test } from 'vitest'

import { memoryScheduleStore } from '../memory-store.ts'
import { clockText, handHeld, HOUR, MINUTE, NOON, scene, settle, wordsOf } from '../scene.test-kit.ts'

test('a job never overlaps itself: what falls due meanwhile waits, and then goes by its policy', async () => {
  const results: Record<string, string[]> = {}
  for (const missed of ['skip', 'once', 'all'] as const) {
    const held = handHeld()
    const { schedule, clock, begun } = scene({ run: held.run })
    await schedule.add({ id: 'a', trigger: { everyMs: MINUTE }, missed })
    await clock.advance(MINUTE)
    const first = schedule.tick()
    await clock.advance(3.5 * MINUTE)
    expect(await schedule.tick()).toEqual([])
    expect(await schedule.get('a')).toMatchObject({ lastOutcome: 'running' })
    held.end(0)
    await first
    const second = schedule.tick()
    for (let index = 1; index < 4; index++) {
      await settle()
      if (begun.length > index) held.end(index)
    }
    await second
    results[missed] = begun.map(({ dueAtMs }) => clockText(dueAtMs))
  }
  expect(results).toEqual({
    skip: ['12:01:00', '12:04:00'],
    once: ['12:01:00', '12:04:00'],
    all: ['12:01:00', '12:02:00', '12:03:00', '12:04:00'],
  })
})

test('a job that may overlap itself begins while it is at work', async () => {
  const held = handHeld()
  const { schedule, clock, begun } = scene({ run: held.run })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE }, mayOverlap: true, missed: 'all' })
  await clock.advance(3 * MINUTE)
  const ticked = schedule.tick()
  await settle()
  expect(begun.map(({ dueAtMs }) => clockText(dueAtMs))).toEqual(['12:01:00', '12:02:00', '12:03:00'])
  for (const index of [2, 0, 1]) {
    held.end(index)
    await settle()
  }
  expect(wordsOf(await ticked)).toEqual(['a 12:01:00 ran', 'a 12:02:00 ran', 'a 12:03:00 ran'])
  expect((await schedule.history('a')).map(({ outcome }) => outcome)).toEqual(['ran', 'ran', 'ran'])
  expect(await schedule.get('a')).toMatchObject({ runs: 3, lastOutcome: 'ran', lastAtMs: NOON + 3 * MINUTE })
})

test('a firing whose process died is unknown when its time is over, and is not begun again', async () => {
  const store = memoryScheduleStore()
  const dead = scene({ run: () => new Promise(() => {}), timeoutMs: 5_000, graceMs: 0 }, store)
  await dead.schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  await dead.clock.advance(MINUTE)
  void dead.schedule.tick()
  await settle()

  const { schedule, clock, begun } = scene({}, store)
  await clock.advance(2 * MINUTE)
  expect(await schedule.get('a')).toMatchObject({ lastOutcome: 'running' })
  expect(await schedule.tick()).toEqual([])
  await clock.advance(5_000)
  expect(await schedule.get('a')).toMatchObject({ lastOutcome: 'unknown' })
  expect(await schedule.history('a')).toMatchObject([{ outcome: 'unknown' }])
  expect(wordsOf(await schedule.tick())).toEqual(['a 12:02:00 ran'])
  expect(begun.map(({ dueAtMs }) => clockText(dueAtMs))).toEqual(['12:02:00'])
  expect((await schedule.history('a')).map(({ outcome }) => outcome)).toEqual(['ran', 'unknown'])
})

test('a clock that is set back lets nothing be done twice, also when the job is changed or enabled then', async () => {
  const { schedule, begun } = scene()
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE, anchorMs: 0 } })
  await schedule.tick(NOON + 10 * MINUTE)
  expect(await schedule.tick(NOON + 5 * MINUTE)).toEqual([])
  expect(await schedule.tick(NOON + 10 * MINUTE)).toEqual([])
  expect(await schedule.update('a', { trigger: { everyMs: 30_000, anchorMs: 0 } })).toMatchObject({
    nextAtMs: NOON + 10.5 * MINUTE,
  })
  await schedule.disable('a')
  expect(await schedule.enable('a')).toMatchObject({ nextAtMs: NOON + 10.5 * MINUTE })
  await schedule.tick(NOON + 10 * MINUTE)
  expect(begun).toHaveLength(1)
})

test('a clock that is set a year ahead is caught up with in bounds', async () => {
  const { schedule, begun } = scene({ maxCatchUp: 3 })
  for (const missed of ['skip', 'once', 'all'] as const)
    await schedule.add({ id: missed, trigger: { cron: '* * * * * *' }, missed })
  const year = NOON + 365 * 24 * HOUR
  const reports = await schedule.tick(year + 500)
  expect(reports.find(({ jobId }) => jobId === 'once')).toEqual({
    id: `once@${year}`,
    jobId: 'once',
    dueAtMs: year,
    sinceMs: NOON + 1_000,
    outcome: 'ran',
  })
  expect(reports.filter(({ jobId }) => jobId === 'all')).toMatchObject([
    { dueAtMs: NOON + 1_000, untilMs: year - 2_000, outcome: 'skipped' },
    { dueAtMs: year - 2_000, outcome: 'ran' },
    { dueAtMs: year - 1_000, outcome: 'ran' },
    { dueAtMs: year, outcome: 'ran' },
  ])
  expect(begun).toHaveLength(5)
  expect(await schedule.history('all')).toHaveLength(4)
})

test('a job of one time that was missed runs, or is skipped and has ended', async () => {
  const { schedule, clock } = scene()
  await schedule.add({ id: 'a', trigger: { atMs: NOON + MINUTE }, missed: 'once' })
  await schedule.add({ id: 'b', trigger: { atMs: NOON + MINUTE }, missed: 'skip' })
  await clock.advance(HOUR)
  expect(wordsOf(await schedule.tick())).toEqual(['a 12:01:00 ran', 'b 12:01:00 skipped'])
  expect(await schedule.get('b')).toMatchObject({ runs: 0, lastOutcome: 'skipped', endedAtMs: NOON + MINUTE })
  expect(await schedule.history('b')).toMatchObject([{ outcome: 'skipped', dueAtMs: NOON + MINUTE }])
})

test('a jitter is the same for all, and the next time shows it', async () => {
  const store = memoryScheduleStore()
  const [one, two] = [scene({}, store), scene({}, store)]
  const job = await one.schedule.add({ id: 'a', trigger: { everyMs: HOUR }, jitterMs: 10 * MINUTE })
  expect(job.dueAtMs).toBe(NOON + HOUR)
  expect(job.nextAtMs).toBeGreaterThan(NOON + HOUR)
  expect(job.nextAtMs).toBeLessThan(NOON + HOUR + 10 * MINUTE)
  expect((await two.schedule.get('a'))?.nextAtMs).toBe(job.nextAtMs)
  expect(await two.schedule.tick(job.nextAtMs! - 1)).toEqual([])
  expect(wordsOf(await two.schedule.tick(job.nextAtMs))).toEqual(['a 13:00:00 ran'])
  const others = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      one.schedule.add({ id: `job ${index}`, trigger: { everyMs: HOUR }, jitterMs: HOUR }),
    ),
  )
  expect(new Set(others.map(({ nextAtMs }) => nextAtMs)).size).toBe(50)
  const still = await one.schedule.update('job 0', { jitterMs: 0 })
  expect(still.nextAtMs).toBe(still.dueAtMs)
})

test('a job whose trigger is not known here is left for who knows it, told once, and holds up no other', async () => {
  const store = memoryScheduleStore()
  const knowing = scene({ triggers: { moon: (after) => after + MINUTE } }, store)
  for (let index = 0; index < 40; index++)
    await knowing.schedule.add({ id: `moon ${index}`, trigger: { named: 'moon' } })
  const { schedule, begun, logger } = scene({ concurrency: 1 }, store)
  await schedule.add({ id: 'a', trigger: { atMs: NOON + 2 * MINUTE } })
  expect(wordsOf(await schedule.tick(NOON + 2 * MINUTE))).toEqual(['a 12:02:00 ran'])
  await schedule.tick(NOON + 2 * MINUTE)
  expect(begun).toHaveLength(1)
  expect(logger.lines).toHaveLength(40)
  expect(await knowing.schedule.tick(NOON + 2 * MINUTE)).toHaveLength(40)
})

test.each<[string, (after: number) => unknown]>([
  [
    'throws',
    (after) => {
      if (after > NOON) throw new Error('clouds')
      return NOON + MINUTE
    },
  ],
  ['stands still', (after) => (after > NOON ? after : NOON + MINUTE)],
  ['goes back', (after) => (after > NOON ? 5 : NOON + MINUTE)],
  ['gives no number', (after) => (after > NOON ? 'soon' : NOON + MINUTE)],
  ['gives NaN', (after) => (after > NOON ? Number.NaN : NOON + MINUTE)],
])('a job whose trigger %s is not run, and holds up no other', async (_, moon) => {
  const { schedule, logger } = scene({ triggers: { moon: moon as () => number } })
  await schedule.add({ id: 'a', trigger: { named: 'moon' } })
  await schedule.add({ id: 'b', trigger: { everyMs: HOUR } })
  expect(wordsOf(await schedule.tick(NOON + HOUR))).toEqual(['b 13:00:00 ran'])
  await schedule.tick(NOON + HOUR)
  expect(logger.lines.map(({ message }) => message)).toEqual(['The next time of the job a cannot be told'])
})

test('the late end of a firing that was given up lets the newer one go on', async () => {
  const store = memoryScheduleStore()
  const [stopped, held] = [handHeld(), handHeld()]
  const first = scene({ run: stopped.run, timeoutMs: 5_000 }, store)
  await first.schedule.add({ id: 'a', trigger: { everyMs: HOUR } })
  await first.clock.advance(HOUR)
  const late = first.schedule.tick()
  await settle()

  const second = scene({ run: held.run }, store)
  await second.clock.advance(2 * HOUR)
  const newer = second.schedule.tick()
  await settle()
  stopped.end(0)
  expect(await late).toMatchObject([{ outcome: 'ran' }])
  expect(await second.schedule.get('a')).toMatchObject({ lastOutcome: 'running', lastAtMs: NOON + 2 * HOUR })
  expect((await second.schedule.history('a')).map(({ outcome }) => outcome)).toEqual(['running', 'ran'])
  held.end(0)
  await newer
  expect(await second.schedule.get('a')).toMatchObject({ lastOutcome: 'ran' })
})

test('a job that is at work here does not overlap itself, however far ahead a tick looks', async () => {
  const held = handHeld()
  const { schedule, begun } = scene({ run: held.run })
  await schedule.add({ id: 'a', trigger: { everyMs: MINUTE } })
  const first = schedule.tick(NOON + MINUTE)
  await settle()
  expect(await schedule.tick(NOON + 24 * HOUR)).toEqual([])
  expect(begun).toHaveLength(1)
  held.end(0)
  await first
})
