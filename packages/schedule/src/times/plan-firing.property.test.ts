import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { MissedPolicy } from '../job.ts'
import type { NextTime } from '../trigger.ts'
import { fireTime } from './jitter.ts'
import { newestTime, oldestOfNewest } from './newest-time.ts'
import { type FiringPlan, planFiring } from './plan-firing.ts'

/** Due times as a list, and how often the next one was asked for. */
function listed(times: readonly number[]): NextTime & { asked: number } {
  const next = Object.assign(
    (afterMs: number) => {
      next.asked += 1
      return times.find((time) => time > afterMs)
    },
    { asked: 0 },
  )
  return next
}

/** Gaps of all sizes, so that there are bursts and silences. */
const dueTimes = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 100_000 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((gaps) => gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)))

/** What a plan must be, found by looking at every due time. */
function naivePlan(
  job: { readonly id: string; readonly jitterMs: number; readonly missed: MissedPolicy },
  times: readonly number[],
  nowMs: number,
  { missedAfterMs, maxCatchUp }: { readonly missedAfterMs: number; readonly maxCatchUp: number },
): FiringPlan {
  const fireAt = (time: number) => fireTime(job, time, listed(times))
  const due = times.filter((time) => fireAt(time) <= nowMs)
  const [oldest, newest] = [due[0]!, due.at(-1)!]
  const fired = job.missed === 'all' ? due.slice(-maxCatchUp)[0]! : newest
  const isMissed = job.missed === 'skip' && nowMs - fireAt(newest) > missedAfterMs
  const nextDueAtMs = times.find((time) => time > fired)
  const untilMs = isMissed ? nextDueAtMs : fired
  return {
    ...(!isMissed && {
      fired: { dueAtMs: fired, ...(job.missed === 'once' && fired > oldest && { sinceMs: oldest }) },
    }),
    ...(job.missed !== 'once' &&
      (isMissed || fired > oldest) && {
        skipped: { dueAtMs: oldest, ...(untilMs !== undefined && { untilMs }) },
      }),
    lastAtMs: fired,
    ...(nextDueAtMs !== undefined && { nextDueAtMs }),
  }
}

test('a plan is what a look at every due time says', () => {
  fc.assert(
    fc.property(
      dueTimes,
      fc.constantFrom<MissedPolicy>('skip', 'once', 'all'),
      fc.constantFrom(0, 1, 3, 1_000, 1_000_000),
      fc.nat({ max: 200_000 }),
      fc.constantFrom(0, 10, 50_000),
      fc.integer({ min: 1, max: 20 }),
      (times, missed, jitterMs, afterFirst, missedAfterMs, maxCatchUp) => {
        const next = listed(times)
        const job = { id: 'job', jitterMs, missed, dueAtMs: times[0]! }
        const nowMs = fireTime(job, job.dueAtMs, next) + afterFirst
        const limits = { missedAfterMs, maxCatchUp }
        expect(planFiring(job, next, nowMs, limits)).toEqual(naivePlan(job, times, nowMs, limits))
      },
    ),
    { numRuns: 2_000 },
  )
})

test('the newest due time, and the oldest of the newest, are found', () => {
  fc.assert(
    fc.property(dueTimes, fc.nat({ max: 300_000 }), fc.integer({ min: 1, max: 70 }), (times, after, count) => {
      const from = times[0]!
      const newest = times.findLast((time) => time <= from + after)!
      expect(newestTime(listed(times), from, from + after)).toBe(newest)
      const upTo = times.filter((time) => time <= newest)
      expect(oldestOfNewest(listed(times), from, newest, count)).toBe(upTo.slice(-count)[0])
    }),
    { numRuns: 1_000 },
  )
})

test('fire times keep the order of due times, and stay within the jitter', () => {
  fc.assert(
    fc.property(dueTimes, fc.string(), fc.nat({ max: 200_000 }), (times, id, jitterMs) => {
      const fireTimes = times.map((time) => fireTime({ id, jitterMs }, time, listed(times)))
      for (const [index, fireAtMs] of fireTimes.entries()) {
        expect(fireAtMs - times[index]!).toBeGreaterThanOrEqual(0)
        expect(fireAtMs - times[index]!).toBeLessThanOrEqual(Math.max(0, jitterMs - 1))
        expect(fireAtMs).toBeLessThan(times[index + 1] ?? Number.POSITIVE_INFINITY)
      }
    }),
  )
})

test('a century of seconds is planned in few looks, whatever the policy', () => {
  const century = 100 * 365 * 86_400_000
  for (const missed of ['skip', 'once', 'all'] as const) {
    let asked = 0
    const next: NextTime = (afterMs) => {
      asked += 1
      return (Math.floor(afterMs / 1_000) + 1) * 1_000
    }
    const job = { id: 'job', missed, dueAtMs: 1_000, jitterMs: 500 }
    const plan = planFiring(job, next, century, { missedAfterMs: 0, maxCatchUp: 100 })
    expect(plan.lastAtMs).toBeGreaterThan(century - 102_000)
    expect(asked).toBeLessThan(600)
  }
})
