import { type Clock, systemClock } from '@executus/llm'

import { checkPort, expected } from '../check-option.ts'
import { type Ids, randomIds } from '../ids.ts'
import { consoleLogger, type Logger } from '../logger.ts'
import type { RunInfo } from '../run-info.ts'
import { memoryOwnedStore } from './memory-owned-store.ts'
import { type OwnedStore, STORE_METHODS } from './owned-store.ts'
import type { Owned, OwnedKind } from './owned.ts'

/** What things of any kind stand on. */
export interface OwnedPorts<Item extends Owned> {
  /** Where they are kept. @default in memory: `memoryOwnedStore` */
  readonly store?: OwnedStore<Item>
  /** The scopes that the caller of a run is in. @default the run's guild */
  readonly scopesOf?: (info: RunInfo) => readonly string[] | Promise<readonly string[]>
  /** @default systemClock */
  readonly clock?: Clock
  /** @default randomIds */
  readonly ids?: Ids
  /** Told of what is damaged, or names what is not allowed any more. @default consoleLogger */
  readonly logger?: Logger
}

/** Names of the options, for `checkKeys`. */
export const PORT_OPTIONS: readonly string[] = [
  'store',
  'scopesOf',
  'clock',
  'ids',
  'logger',
] satisfies (keyof OwnedPorts<Owned>)[]

/**
 * The ports that a host gave, and the defaults of the others.
 *
 * @throws TypeError that names the option
 */
export function portsOf<Item extends Owned>(
  kind: OwnedKind<Item>,
  options: OwnedPorts<Item>,
): Required<OwnedPorts<Item>> {
  const { store = memoryOwnedStore(kind), scopesOf = guildOf } = options
  const { clock = systemClock, ids = randomIds, logger = consoleLogger } = options
  checkPort('options.store', store, STORE_METHODS)
  if (typeof scopesOf !== 'function') throw expected('options.scopesOf', 'a function', scopesOf)
  checkPort('options.clock', clock, ['now'])
  checkPort('options.ids', ids, ['next'])
  checkPort('options.logger', logger, ['warn', 'error'])
  return { store, scopesOf, clock, ids, logger }
}

function guildOf({ guild }: RunInfo): readonly string[] {
  return guild === undefined ? [] : [guild]
}
