import { historyCases } from './store-cases/histories.ts'
import { jobCases } from './store-cases/jobs.ts'
import { listCases } from './store-cases/lists.ts'
import { saveCases } from './store-cases/saves.ts'
import type { OpenedStores, ScheduleStoreAbilities, StoreCase } from './store-cases/store-case.ts'

export interface StoreConformanceOptions {
  /** What the store, or `open`, cannot do; the cases that need it are left out. @default everything is there */
  readonly supports?: Partial<ScheduleStoreAbilities>
  /** How often a race is run. @default 1_000 */
  readonly races?: number
}

/** A fact that holds for every `ScheduleStore`. */
export interface StoreConformanceCase {
  readonly name: string
  /** Why the case is left out, as `node:test` takes it; absent when it is to be run. */
  readonly skip?: string
  /** Opens a fresh store and checks the fact. @throws AssertionError when it does not hold */
  readonly run: () => Promise<void>
}

/**
 * The contract of `ScheduleStore`, as cases on `node:assert` for any test runner. Each opens empty jobs of its own, twice.
 *
 * @example
 * for (const { name, skip, run } of scheduleStoreConformance(openMyStore)) test(name, { skip }, run) // node:test
 */
export function scheduleStoreConformance(
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
          const [store, other] = [await opened.connect(), await opened.connect()]
          const damage = (jobId: string) => opened.damage?.(jobId) ?? notGiven('damage')
          await check({ store, other, damage, races })
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

const CASES: readonly StoreCase[] = [...jobCases, ...saveCases, ...listCases, ...historyCases]
