import { createItem, removeItem, updateItem } from './change-items.ts'
import type { ItemsConfig, OwnedChange, OwnedDraft } from './items-config.ts'
import type { Owned } from './owned.ts'
import { findItem, getItem, listItems, type OwnedListQuery, type OwnedPage } from './read-items.ts'
import type { Viewer } from './viewer.ts'

/**
 * The things of one kind, as people make and share them. Who may not see one is told what is told of one that is not there.
 * Rejects with `StoreError` for what the store says, with `OwnedError` for what somebody may not do, and with `TypeError` or
 * `RangeError` for a thing that is none, or more than is allowed.
 */
export interface OwnedItems<Item extends Owned, Draft extends OwnedDraft> {
  /** Makes one. Rejects with `exists` when the owner has one of that name. */
  create(draft: Draft, options: { readonly as: Viewer }): Promise<Item>
  /**
   * Changes what is given of one's own, each field as a whole. `version` is what the change is based on: when there is a
   * newer one, it rejects with `fenced`, and the message tells which. Rejects with `not-found`.
   */
  update(
    id: string,
    change: OwnedChange<Draft>,
    options: { readonly as: Viewer; readonly version: number },
  ): Promise<Item>
  /** The one with this id. */
  get(id: string, options: { readonly as: Viewer }): Promise<Item | undefined>
  /** What a name means to somebody: one's own, else a shared one, else a public one, the oldest. */
  find(name: string, options: { readonly as: Viewer }): Promise<Item | undefined>
  /** Those that one sees, in the order of their making. */
  list(query: OwnedListQuery, options: { readonly as: Viewer }): Promise<OwnedPage<Item>>
  /** Forgets one's own; gives whether it was there. An admin can also remove one that is damaged. */
  remove(id: string, options: { readonly as: Viewer }): Promise<boolean>
  /** Closes the store. */
  close(): Promise<void>
}

/** The things of one kind in a store. */
export function ownedItems<Item extends Owned, Draft extends OwnedDraft>(
  config: ItemsConfig<Item>,
): OwnedItems<Item, Draft> {
  return {
    create: async (draft, { as }) => createItem(config, draft, as),
    update: async (id, change, options) => updateItem(config, id, change, options),
    get: async (id, { as }) => getItem(config, id, as),
    find: async (name, { as }) => findItem(config, name, as),
    list: async (query, { as }) => listItems(config, query, as),
    remove: async (id, { as }) => removeItem(config, id, as),
    close: () => config.ports.store.close(),
  }
}
