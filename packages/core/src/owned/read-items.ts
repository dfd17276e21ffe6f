import { checkCount, checkKeys, checkText } from '../check-option.ts'
import { damageTeller } from './damage-teller.ts'
import { findNamed } from './find-named.ts'
import type { ItemsConfig } from './items-config.ts'
import type { OwnedQuery } from './owned-store.ts'
import type { Owned } from './owned.ts'
import { checkViewer, maySee, seenByOf, sightOf, type Viewer } from './viewer.ts'

export interface OwnedListQuery extends Pick<OwnedQuery, 'owner' | 'visibility' | 'scope' | 'text' | 'after'> {
  /** @default 50 */
  readonly limit?: number
}

export interface OwnedPage<Item> {
  readonly found: readonly Item[]
  /** Where to go on; absent when that was all. */
  readonly next?: string
}

const LIST = ['owner', 'visibility', 'scope', 'text', 'after', 'limit']
const PAGE = 50

export async function getItem<Item extends Owned>(
  { ports }: ItemsConfig<Item>,
  id: string,
  as: Viewer,
): Promise<Item | undefined> {
  checkText('id', id)
  checkViewer(as)
  const item = await ports.store.find(id)
  return item !== undefined && maySee(as, item) ? item : undefined
}

export async function findItem<Item extends Owned>(
  { kind, ports }: ItemsConfig<Item>,
  name: string,
  as: Viewer,
): Promise<Item | undefined> {
  checkText('name', name)
  checkViewer(as)
  return findNamed(ports.store, name, sightOf(as), { onDamaged: damageTeller(kind.noun, ports.logger) })
}

export async function listItems<Item extends Owned>(
  { kind, ports }: ItemsConfig<Item>,
  query: OwnedListQuery,
  as: Viewer,
): Promise<OwnedPage<Item>> {
  checkKeys('query', query, LIST)
  checkViewer(as)
  const { limit = PAGE, ...rest } = query
  checkCount('query.limit', limit, 1)
  const { found, damaged, next } = await ports.store.list({ ...rest, ...seenByOf(as), limit })
  const tell = damageTeller(kind.noun, ports.logger)
  for (const id of damaged) tell(id)
  return { found, ...(next !== undefined && { next }) }
}
