import { type Clock, systemClock } from '@executus/core'
import { expect, test } from 'vitest'

import { seeded } from './seeded.test-kit.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, killOwner, said } from './stores.test-kit.ts'
import { tempFile } from './temp-folder.test-kit.ts'

const A_YEAR_MS = 365 * 86_400_000

/** A clock that is set to some moment of ten years whenever it is asked. */
function jumpingClock(seed: number): Clock {
  const random = seeded(seed)
  return { ...systemClock, now: () => Date.UTC(2020, 0, 1) + (random() * 10 - 5) * A_YEAR_MS + 0.25 }
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'a clock that jumps loses no run and no owner: seed %i',
  async (seed) => {
    const path = tempFile()
    const open = () => sqliteJournalStore(path, { synchronous: 'normal', clock: jumpingClock(seed) })
    const [one, two] = [await open(), await open()]
    const claim = await begin(one, 'r')
    for (let head = 0; head < 5; head++) {
      expect(await two.claim({ limit: 9 })).toEqual([])
      await one.append(claim, [said(`${head}`)], { expectHead: head })
    }
    expect(await one.park(claim, ['yes'])).toBe('parked')
    expect(await two.claim({ limit: 9 })).toEqual([])
    expect(await two.deliver('r', { name: 'yes', id: 'yes', value: true, atMs: 1 })).toBe('accepted')
    const [again] = await two.claim({ limit: 9 })
    expect(again).toMatchObject({ runId: 'r', head: 5, crashes: 0, signals: [{ name: 'yes' }] })
    killOwner(two)
    const [third] = await one.claim({ limit: 9 }) // the first crash in a row needs no rest
    expect(third).toMatchObject({ runId: 'r', head: 5, crashes: 1 })
    await one.settle(third!, { status: 'ok', stopReason: 'answered', output: '' })
    expect(await one.sweep({ settledBeforeMs: Number.NEGATIVE_INFINITY, limit: 9 })).toBe(0)
    expect(await one.sweep({ settledBeforeMs: Number.POSITIVE_INFINITY, limit: 9 })).toBe(1)
    await one.close()
  },
)

test('a run that rests after crashes is taken up when the clock was set back, and not before its time', async () => {
  const path = tempFile()
  let nowMs = 10 * A_YEAR_MS
  const clock: Clock = { ...systemClock, now: () => nowMs }
  const open = () => sqliteJournalStore(path, { synchronous: 'normal', clock })
  const first = await open()
  await begin(first, 'r')
  killOwner(first)
  const second = await open()
  expect(await second.claim({ limit: 1 })).toHaveLength(1)
  killOwner(second)
  const third = await open()
  expect(await third.claim({ limit: 1 })).toEqual([]) // two crashes in a row
  nowMs += 4_999
  expect(await third.claim({ limit: 1 })).toEqual([])
  nowMs -= A_YEAR_MS
  expect(await third.claim({ limit: 1 })).toMatchObject([{ crashStreak: 2 }])
  await third.close()
})
