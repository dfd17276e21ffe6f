import { StoreError } from '@executus/core'
import { expect, test } from 'vitest'

import { bookOf, held, infoOf, spent } from './budget.test-kit.ts'
import { memoryBudgetStore } from './memory-store.ts'

/** A store that fails so many times once it is told to. */
function failingStore() {
  const store = memoryBudgetStore()
  let left = 0
  const apply: typeof store.apply = (entry) => {
    if (left === 0) return store.apply(entry)
    left -= 1
    return Promise.reject(new StoreError('busy', 'It is held by another process'))
  }
  const fail = (times: number) => {
    left = times
  }
  const failing = new Proxy(store, {
    get(target, key) {
      if (key === 'apply') return apply
      const method = Reflect.get(target, key) as (...args: readonly unknown[]) => unknown
      return (...args: unknown[]) => Reflect.apply(method, target, args)
    },
  })
  return { store: failing, fail }
}

const LIMITS = [{ window: 'day', tokens: 1_000 }] as const

test('a run is settled when the store is sound again, a little later', async () => {
  const { store, fail } = failingStore()
  const { budget, reserve, clock } = bookOf({ store, limits: LIMITS, estimateOf: () => ({ tokens: 500 }) })
  const reservation = await held(reserve(infoOf('r')))
  fail(3)
  const settled = reservation.settle(spent(70))
  await clock.advance(2_600)
  await settled
  expect(await budget.remaining({ caller: 'ann' })).toMatchObject([{ used: 70, reserved: 0 }])
  expect(clock.pending).toBe(0)
})

test('a store that stays in trouble fails the settling, and what was set aside stays so', async () => {
  const { store, fail } = failingStore()
  const { budget, reserve, clock } = bookOf({ store, limits: LIMITS, estimateOf: () => ({ tokens: 500 }) })
  const reservation = await held(reserve(infoOf('r')))
  fail(4)
  const settled = Promise.resolve(reservation.settle(spent(70))).catch((error: unknown) => error)
  await clock.advance(2_600)
  expect(await settled).toMatchObject({ code: 'busy' })
  expect(await budget.remaining({ caller: 'ann' })).toMatchObject([{ used: 0, reserved: 500 }])
})
