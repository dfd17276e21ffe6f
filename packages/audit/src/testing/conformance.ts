import { forgettingCases } from './store-cases/forgetting.ts'
import { listCases } from './store-cases/lists.ts'
import type { AuditStoreAbilities, OpenedAuditStores, StoreCase } from './store-cases/store-case.ts'
import { writeCases } from './store-cases/writes.ts'

export interface AuditStoreConformanceOptions {
  /** What the store, or `open`, cannot do; the cases that need it are left out. @default everything is there */
  readonly supports?: Partial<AuditStoreAbilities>
}

/** A fact that holds for every `AuditStore`. */
export interface AuditStoreConformanceCase {
  readonly name: string
  /** Why the case is left out, as `node:test` takes it; absent when it is to be run. */
  readonly skip?: string
  /** Opens a fresh store and checks the fact. @throws AssertionError when it does not hold */
  readonly run: () => Promise<void>
}

/**
 * The contract of `AuditStore`, as cases on `node:assert` for any test runner. Each opens empty records of its own, twice.
 *
 * @example
 * for (const { name, skip, run } of auditStoreConformance(openMyStore)) test(name, { skip }, run) // node:test
 */
export function auditStoreConformance(
  open: () => OpenedAuditStores | Promise<OpenedAuditStores>,
  options: AuditStoreConformanceOptions = {},
): readonly AuditStoreConformanceCase[] {
  const { supports = {} } = options
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
            damage: (runId, seq) => opened.damage?.(runId, seq) ?? notGiven('damage'),
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

const CASES: readonly StoreCase[] = [...writeCases, ...listCases, ...forgettingCases]
