import { expect, test } from 'vitest'

import { survive } from './kill-bots.test-kit.ts'

/** Where a bot dies, by its writes: a life without a death has about 560. */
const DEATHS: readonly (readonly number[])[] = [
  [30, 60],
  [110, 25, 140],
  [300, 60],
]

for (const writes of DEATHS)
  test(`bots that are killed before their writes ${writes.join(', ')} answer each message once, and do each thing once`, async () => {
    const survived = await survive(writes)
    const { answers, runs, notes, sent, lost, unknown, noted, toBeNoted } = survived

    expect(survived.kills).toBe(writes.length)
    expect(answers).toEqual(Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`message ${index}`, 1])))
    expect([notes.length, new Set(notes).size]).toEqual([runs.length, runs.length])
    expect(Object.values(sent).filter((count) => count !== 1)).toEqual([])
    expect(lost).toEqual([])
    expect(noted + toBeNoted).toBe(unknown)
  })
