import { fakeClock } from '@executus/core/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { firingIdOf, type MissedPolicy } from './job.ts'
import { memoryScheduleStore } from './memory-store.ts'
import { MINUTE, NOON, scene } from './scene.test-kit.ts'
import { nextTimeOf } from './times/next-time.ts'
import type { NewTrigger } from './trigger.ts'

const triggers = fc.oneof(
  fc.constantFrom<NewTrigger>(
    { cron: '*/7 * * * *', timeZone: 'Europe/Oslo' },
    { cron: '*/20 * * * * *' },
    { cron: '3,4,5,40 * * * *', timeZone: 'Asia/Kolkata' },
    { named: 'bursts' },
  ),
  fc.integer({ min: 1_000, max: 20 * MINUTE }).map((everyMs): NewTrigger => ({ everyMs })),
  fc.integer({ min: 0, max: 120 * MINUTE }).map((ms): NewTrigger => ({ atMs: NOON + ms })),
)

/** Three in three seconds, each ten minutes. */
const bursts = (afterMs: number) => {
  const second = Math.floor(afterMs / 1_000) + 1
  const place = second % 600
  return (place < 3 ? second : second + 600 - place) * 1_000
}

const MOST = 20

/** When somebody looks: on and on, with gaps, and now and then back. */
const looks = fc.array(
  fc.record({
    stepMs: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 * MINUTE }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 * MINUTE }) },
      { weight: 1, arbitrary: fc.integer({ min: -30 * MINUTE, max: 0 }) },
    ),
    who: fc.nat({ max: 1 }),
    isTogether: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)

/** Every due time of a trigger up to a moment, the first as `add` has it. */
function dueTimes(trigger: NewTrigger, untilMs: number): number[] {
  const { timeZone = 'UTC', anchorMs = NOON } = trigger as { timeZone?: string; anchorMs?: number }
  const next = nextTimeOf({ ...trigger, timeZone, anchorMs } as never, { bursts })!
  const found: number[] = []
  for (let time = next(('atMs' in trigger) ? NOON - 1 : NOON); time !== undefined && time <= untilMs; time = next(time))
    found.push(time)
  return found
}

test('however two schedules look at one store, each due time is fired once, or passes as its policy says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ trigger: triggers, missed: fc.constantFrom<MissedPolicy>('skip', 'once', 'all') }), {
        minLength: 1,
        maxLength: 4,
      }),
      looks,
      async (jobs, steps) => {
        const clock = fakeClock(NOON)
        const store = memoryScheduleStore()
        const options = { clock, triggers: { bursts }, maxCatchUp: MOST, missedAfterMs: MINUTE }
        const hosts = [scene(options, store.connect()), scene(options, store.connect())]
        for (const [index, job] of jobs.entries()) await hosts[0]!.schedule.add({ id: `${index}`, ...job })

        const lookedAt: number[] = []
        let nowMs = NOON
        for (const { stepMs, who, isTogether } of steps) {
          nowMs = Math.max(NOON, nowMs + stepMs)
          lookedAt.push(nowMs)
          const both = isTogether ? hosts : [hosts[who]!]
          await Promise.all(both.map(({ schedule }) => schedule.tick(nowMs)))
        }

        const fired = hosts.flatMap(({ begun }) => begun)
        expect(new Set(fired.map(({ id }) => id)).size, 'nothing twice').toBe(fired.length)
        for (const [index, { trigger, missed }] of jobs.entries()) {
          const found = fired.filter(({ jobId }) => jobId === `${index}`)
          const wanted = firedBy(missed, dueTimes(trigger, Math.max(...lookedAt)), lookedAt)
          expect(found.map(({ id }) => id).toSorted()).toEqual(
            wanted.map((time) => firingIdOf(`${index}`, time)).toSorted(),
          )
        }
      },
    ),
    { numRuns: 100 },
  )
})

/** The policies, look by look over every due time. */
function firedBy(missed: MissedPolicy, due: readonly number[], lookedAt: readonly number[]): number[] {
  const fired: number[] = []
  let doneMs = -1
  for (const nowMs of lookedAt) {
    const open = due.filter((time) => time > doneMs && time <= nowMs)
    const newest = open.at(-1)
    if (newest === undefined) continue
    if (missed === 'all') fired.push(...open.slice(-MOST))
    else if (missed === 'once' || nowMs - newest <= MINUTE) fired.push(newest)
    doneMs = newest
  }
  return fired
}
