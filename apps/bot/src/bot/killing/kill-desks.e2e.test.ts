import { expect, test } from 'vitest'

import { ANSWERED, surviveDesks } from './kill-desks.test-kit.ts'

/** Where a bot dies, by its writes: a life without a death has about 700. */
const DEATHS: readonly (readonly number[])[] = [[60, 100], [220, 45, 130], [430, 70, 40], [650]]

for (const writes of DEATHS)
  test(`bots that are killed before their writes ${writes.join(', ')} keep what was decided, added, stopped, scheduled and raised, and do it once`, async () => {
    const { kills, folder: _, grants, ...came } = await surviveDesks(writes)

    expect(kills).toBe(writes.length)
    expect(came).toEqual({
      unanswered: [],
      answers: Object.fromEntries(ANSWERED.map((text) => [text, 1])),
      oddRuns: [],
      openQuestions: 0,
      notes: ['note first', 'note yes'],
      jobs: 1,
      // Whatever died, all that was taken is counted, and nothing is set aside any more.
      tokens: { used: 20_002, reserved: 0 },
    })
    // Who says more before a run that died is settled has something left, and nobody is asked.
    expect(grants).toBeLessThanOrEqual(1)
  })
