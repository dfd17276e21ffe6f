import { claimCases } from './store-cases/claims.ts'
import { crashCases } from './store-cases/crashes.ts'
import { endingCases } from './store-cases/endings.ts'
import { entryCases } from './store-cases/entries.ts'
import { listCases } from './store-cases/lists.ts'
import { signalCases } from './store-cases/signals.ts'
import type { JournalStoreAbilities, OpenedStores, StoreCase } from './store-cases/store-case.ts'

export interface StoreConformanceOptions {
  /** What the store, or `open`, cannot do; the cases that need it are left out. @default everything is there */
  readonly supports?: Partial<JournalStoreAbilities>
  /** How often a race is run. @default 1_000 */
  readonly races?: number
}

/** A fact that holds for every `JournalStore`. */
export interface StoreConformanceCase {
  readonly name: string
  /** Why the case is left out, as `node:test` takes it; absent when it is to be run. */
  readonly skip?: string
  /** Opens a fresh store and checks the fact. @throws AssertionError when it does not hold */
  readonly run: () => Promise<void>
}

/**
 * The contract of `JournalStore`, as cases on `node:assert` for any test runner. Each opens empty records of its own, with
 * two owners. Where `open` gives `advance`, the stores' clock must stand still but for that: times of rest are checked to the
 * millisecond.
 *
 * @example
 * for (const { name, skip, run } of journalStoreConformance(openMyStore)) test(name, { skip }, run) // node:test
 */
export function journalStoreConformance(
  open: () => OpenedStores | Promise<OpenedStores>,
  options: StoreConformanceOptions = {},
): readonly StoreConformanceCase[] {
  const { supports = {}, races = 1_000 } = options
  return CASES.map(({ name, needs = [], check }) => {
    const lacking = needs.filter((ability) => supports[ability] === false)
    return {
      name,
      ...(lacking.length > 0 && { skip: `not supported: ${lacking.join(', ')}` }),
      async run() {
        const opened = await open()
        try {
          await check({
            store: await opened.connect(),
            other: await opened.connect(),
            connect: () => opened.connect(),
            kill: (store) => opened.kill?.(store) ?? notGiven('kill'),
            advance: (ms) => opened.advance?.(ms) ?? notGiven('advance'),
            damage: (runId, index) => opened.damage?.(runId, index) ?? notGiven('damage'),
            races,
          })
        } finally {
          await opened.close?.()
        }
      },
    }
  })
}

function notGiven(name: string): never {
  throw new TypeError(`Expected \`open()\` to give \`${name}\`, or \`supports\` to tell that it cannot`)
}

const CASES: readonly StoreCase[] = [
  ...claimCases,
  ...entryCases,
  ...signalCases,
  ...endingCases,
  ...crashCases,
  ...listCases,
]
