import { chargeCases } from './store-cases/charges.ts'
import { counterCases } from './store-cases/counters.ts'
import { grantCases } from './store-cases/grants.ts'
import type { OpenedStores, StoreCase } from './store-cases/store-case.ts'

export interface StoreConformanceOptions {
  /** How many take at once where that is a case. @default 1_000 */
  readonly races?: number
}

/** A fact that holds for every `BudgetStore`. */
export interface StoreConformanceCase {
  readonly name: string
  /** Opens a fresh store and checks the fact. @throws AssertionError when it does not hold */
  readonly run: () => Promise<void>
}

/**
 * The contract of `BudgetStore`, as cases on `node:assert` for any test runner. Each opens an empty store of its own, twice.
 *
 * @example
 * for (const { name, run } of budgetStoreConformance(openMyStore)) test(name, run) // node:test
 */
export function budgetStoreConformance(
  open: () => OpenedStores | Promise<OpenedStores>,
  { races = 1_000 }: StoreConformanceOptions = {},
): readonly StoreConformanceCase[] {
  return CASES.map(({ name, check }) => ({
    name,
    async run() {
      const opened = await open()
      try {
        const connect = () => opened.connect()
        await check({ store: await connect(), other: await connect(), connect, races })
      } finally {
        await opened.close?.()
      }
    },
  }))
}

const CASES: readonly StoreCase[] = [...counterCases, ...chargeCases, ...grantCases]
