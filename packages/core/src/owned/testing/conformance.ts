import type { Owned } from '../owned.ts'
import { changeCases } from './store-cases/changes.ts'
import { closeCases } from './store-cases/closes.ts'
import { keepCases } from './store-cases/keeps.ts'
import { listCases } from './store-cases/lists.ts'
import {
  type OpenedOwnedStores,
  type OwnedStoreAbilities,
  samplesOf,
  type StoreCase,
} from './store-cases/store-case.ts'

export interface OwnedConformanceOptions {
  /** What `open` cannot do; the cases that need it are left out. @default everything is there */
  readonly supports?: Partial<OwnedStoreAbilities>
}

/** A fact that holds for every `OwnedStore`. */
export interface OwnedConformanceCase {
  readonly name: string
  /** Why the case is left out, as `node:test` takes it; absent when it is to be run. */
  readonly skip?: string
  /** Opens a fresh store and checks the fact. @throws AssertionError when it does not hold */
  readonly run: () => Promise<void>
}

/**
 * The contract of `OwnedStore`, as cases on `node:assert` for any test runner. Each opens an empty store of its own, twice.
 * `contentOf` gives the fields that only things of this kind have, with `description` where a search looks for it.
 *
 * @example
 * const contentOf = (text: string) => ({ text, tags: ['a'] })
 * for (const { name, skip, run } of ownedStoreConformance(openMyStore, contentOf)) test(name, { skip }, run) // node:test
 */
export function ownedStoreConformance<Item extends Owned>(
  open: () => OpenedOwnedStores<Item> | Promise<OpenedOwnedStores<Item>>,
  contentOf: (description: string) => Omit<Item, keyof Owned>,
  { supports = {} }: OwnedConformanceOptions = {},
): readonly OwnedConformanceCase[] {
  const samples = samplesOf(contentOf)
  return CASES.map(({ name, needs = [], check }) => {
    const lacking = needs.filter((ability) => supports[ability] === false)
    return {
      name,
      ...(lacking.length > 0 && { skip: `not supported: ${lacking.join(', ')}` }),
      async run() {
        const opened = await open()
        try {
          await check({
            ...samples,
            store: await opened.connect(),
            other: await opened.connect(),
            damage: (id) => opened.damage?.(id) ?? notGiven('damage'),
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

const CASES: readonly StoreCase[] = [...keepCases, ...changeCases, ...listCases, ...closeCases]
