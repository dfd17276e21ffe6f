// A process of its own, for the end-to-end test: `node reserve.test-kit.ts <path> <name> <runs>` reserves so many runs of 7
// tokens at once when a line comes in, has those that it gets grow, and tells how many it got and how many could grow. At a
// second line it settles all but one.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

import { createBudget } from '@executus/budget'
import { fakeClock } from '@executus/core/testing'

import { sqliteBudgetStore } from '../sqlite-budget-store.ts'
import { infoOf } from '../stores.test-kit.ts'

const [, , path = '', name = '', runs = ''] = process.argv
const store = await sqliteBudgetStore(path, { synchronous: 'normal', busyTimeoutMs: 30_000 })
const budget = createBudget({
  store,
  clock: fakeClock(), // one day for all processes
  limits: [{ window: 'day', tokens: 1_000 }],
  estimateOf: () => ({ tokens: 7 }),
})
writeSync(1, 'ready\n')
const told = createInterface(process.stdin)[Symbol.asyncIterator]()
await told.next()
const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
const spent = (inputTokens: number) => ({ usage: { ...none, inputTokens, unreportedCalls: 0 }, elapsedMs: 0 })
const { signal } = new AbortController()
const options = { signal, spent: spent(0), isResumed: false }
const answers = await Promise.all(
  Array.from({ length: Number(runs) }, (_, index) =>
    budget.reserve({ ...infoOf(`${name}${index}`), caller: 'ann' }, options),
  ),
)
const held = answers.flatMap((answer) => (answer.ok ? [answer.reservation] : []))
const stopped = await Promise.all(held.map(async (reservation) => reservation.check!(spent(7))))
writeSync(1, `${held.length} ${stopped.filter((reason) => reason === undefined).length}\n`)
await told.next() // what is given back now must not be what another grows by
await Promise.all(held.slice(1).map(async (reservation) => reservation.settle(spent(7))))
process.stdin.destroy()
await store.close()
