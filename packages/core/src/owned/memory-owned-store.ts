import { checkCount } from '../check-option.ts'
import { StoreError } from '../store-error.ts'
import { fitsQuery, type FoundOwned, type OwnedQuery, type OwnedStore } from './owned-store.ts'
import { nameKeyOf, type Owned, type OwnedKind } from './owned.ts'
import { checkVersion, idTaken, nameTaken, notFound } from './store-refusals.ts'

export interface MemoryOwnedStore<Item extends Owned> extends OwnedStore<Item> {
  /** Another store on the same memory, as another process has on the same file. */
  connect(): MemoryOwnedStore<Item>
}

/** A store in memory: all of it is lost with the process. */
export function memoryOwnedStore<Item extends Owned>(kind: OwnedKind<Item>): MemoryOwnedStore<Item> {
  return new MemoryStore(kind, { byId: new Map(), made: 0 })
}

interface Memory<Item> {
  /** In the order of making. */
  readonly byId: Map<string, Kept<Item>>
  made: number
}

interface Kept<Item> {
  readonly number: number
  readonly item: Item
}

// A method is done before its promise is there, so each is one step to all who have the memory.
class MemoryStore<Item extends Owned> implements MemoryOwnedStore<Item> {
  readonly #kind: OwnedKind<Item>
  readonly #memory: Memory<Item>
  #isClosed = false

  constructor(kind: OwnedKind<Item>, memory: Memory<Item>) {
    this.#kind = kind
    this.#memory = memory
  }

  connect(): MemoryOwnedStore<Item> {
    return new MemoryStore(this.#kind, this.#memory)
  }

  async create(item: Item, { maxOfOwner }: { readonly maxOfOwner: number }): Promise<'created' | 'too-many'> {
    this.#checkOpen()
    const { id, owner } = item
    if (this.#memory.byId.has(id)) throw idTaken(this.#kind.noun, id)
    this.#checkNameIsFree(item)
    const own = [...this.#memory.byId.values()].filter((kept) => kept.item.owner === owner)
    if (own.length >= maxOfOwner) return 'too-many'
    this.#memory.made += 1
    this.#memory.byId.set(id, { number: this.#memory.made, item: structuredClone(item) })
    return 'created'
  }

  async update(item: Item, { expectVersion }: { readonly expectVersion: number }): Promise<void> {
    this.#checkOpen()
    const { id } = item
    const kept = this.#memory.byId.get(id)
    if (kept === undefined) throw notFound(this.#kind.noun, id)
    checkVersion(this.#kind.noun, kept.item, expectVersion)
    this.#checkNameIsFree(item)
    this.#memory.byId.set(id, { number: kept.number, item: structuredClone(item) })
  }

  async find(id: string): Promise<Item | undefined> {
    this.#checkOpen()
    return structuredClone(this.#memory.byId.get(id)?.item)
  }

  async list(query: OwnedQuery): Promise<FoundOwned<Item>> {
    this.#checkOpen()
    checkCount('query.limit', query.limit, 1)
    const after = numberAfter(query.after)
    const found: Item[] = []
    let last = after
    for (const { number, item } of this.#memory.byId.values()) {
      if (number <= after || !fitsQuery(this.#kind, item, query)) continue
      if (found.length >= query.limit) return { found, damaged: [], next: String(last) }
      found.push(structuredClone(item))
      last = number
    }
    return { found, damaged: [] }
  }

  async remove(id: string, { expectVersion }: { readonly expectVersion?: number } = {}): Promise<boolean> {
    this.#checkOpen()
    const kept = this.#memory.byId.get(id)
    if (kept !== undefined && expectVersion !== undefined) checkVersion(this.#kind.noun, kept.item, expectVersion)
    return this.#memory.byId.delete(id)
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
  }

  #checkNameIsFree(item: Item): void {
    const nameKey = nameKeyOf(item.name)
    for (const { item: other } of this.#memory.byId.values())
      if (other.id !== item.id && other.owner === item.owner && nameKeyOf(other.name) === nameKey)
        throw nameTaken(this.#kind.noun, item)
  }
}

/** @throws RangeError when it is no `next` of a page */
function numberAfter(after: string | undefined): number {
  if (after === undefined) return 0
  if (!/^\d{1,15}$/.test(after)) throw new RangeError('Expected `query.after` to be the `next` of an earlier page')
  return Number(after)
}
