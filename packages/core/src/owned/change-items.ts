import { checkCount, checkKeys, checkText } from '../check-option.ts'
import { checkMayShow, checkVisibility } from './check-visibility.ts'
import { OwnedError } from './errors.ts'
import type { ItemsConfig, OwnedChange, OwnedDraft } from './items-config.ts'
import type { Owned } from './owned.ts'
import { plain } from './plain.ts'
import { getItem } from './read-items.ts'
import { notFound } from './store-refusals.ts'
import { checkMayChange, checkViewer, ownerFor, type Viewer } from './viewer.ts'

const CHANGE = ['name', 'owner', 'visibility', 'scope']

export async function createItem<Item extends Owned>(
  config: ItemsConfig<Item>,
  draft: OwnedDraft,
  as: Viewer,
): Promise<Item> {
  const { kind, content, maxPerOwner, ports } = config
  checkKeys(kind.noun, draft, ['id', ...CHANGE, ...Object.keys(content)])
  checkViewer(as)
  const nowMs = Math.floor(ports.clock.now())
  const { id = ports.ids.next(), name, visibility = 'private', scope } = draft
  const item = plain({
    id,
    name,
    owner: ownerFor(kind.noun, as, draft.owner),
    visibility,
    ...(scope !== undefined && { scope }),
    ...contentOf(draft, Object.keys(content), content),
    version: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }) as Item
  await checkItem(config, item, as)
  if ((await ports.store.create(item, { maxOfOwner: maxPerOwner })) === 'too-many')
    throw new OwnedError('too-many', `There may be no more than ${maxPerOwner} ${kind.noun}s of one owner`)
  return item
}

export async function updateItem<Item extends Owned>(
  config: ItemsConfig<Item>,
  id: string,
  change: OwnedChange<OwnedDraft>,
  { as, version }: { readonly as: Viewer; readonly version: number },
): Promise<Item> {
  const { kind, content, ports } = config
  checkKeys('change', change, [...CHANGE, ...Object.keys(content)])
  checkCount('version', version, 1)
  const before = await getItem(config, id, as)
  if (before === undefined) throw notFound(kind.noun, id)
  checkMayChange(kind.noun, as, before)
  const { scope: oldScope, ...kept } = before
  const { name = before.name, visibility = before.visibility } = change
  const { scope = visibility === 'shared' ? oldScope : undefined } = change
  const item = plain({
    ...kept,
    name,
    owner: change.owner === undefined ? before.owner : ownerFor(kind.noun, as, change.owner),
    visibility,
    ...(scope !== undefined && { scope }),
    ...contentOf(change, Object.keys(content), before),
    version: version + 1,
    updatedAtMs: Math.max(before.createdAtMs, Math.floor(ports.clock.now())),
  }) as Item
  await checkItem(config, item, as, before)
  await ports.store.update(item, { expectVersion: version })
  return item
}

export async function removeItem<Item extends Owned>(
  config: ItemsConfig<Item>,
  id: string,
  as: Viewer,
): Promise<boolean> {
  checkViewer(as)
  const { kind, ports } = config
  if (as.isAdmin) return ports.store.remove(id)
  const item = await getItem(config, id, as)
  if (item === undefined) return false
  checkMayChange(kind.noun, as, item)
  // It may have been given to somebody else meanwhile.
  return ports.store.remove(id, { expectVersion: item.version })
}

/** The fields of one kind: as they are given, else as they are in `otherwise`. */
function contentOf(given: object, names: readonly string[], otherwise: object): object {
  const values: Readonly<Record<string, unknown>> = { ...given }
  const others: Readonly<Record<string, unknown>> = { ...otherwise }
  return Object.fromEntries(names.map((name) => [name, values[name] === undefined ? others[name] : values[name]]))
}

async function checkItem<Item extends Owned>(
  { kind, visibilities, check }: ItemsConfig<Item>,
  item: Item,
  as: Viewer,
  before?: Item,
): Promise<void> {
  for (const field of ['id', 'owner', 'name'] as const) checkText(`${kind.noun}.${field}`, item[field])
  checkVisibility(kind.noun, item)
  checkMayShow(kind.noun, item, as, { allowed: visibilities, ...(before !== undefined && { before }) })
  await check(item)
}
