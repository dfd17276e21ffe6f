import { checkCount } from '@executus/core/check-option'
import { StoreError } from '@executus/core/store-error'

import { fitsQuery, type FoundPersonas, type PersonaQuery, type PersonaStore } from './persona-store.ts'
import { nameKeyOf, type Persona } from './persona.ts'

export interface MemoryPersonaStore extends PersonaStore {
  /** Another store on the same memory, as another process has on the same file. */
  connect(): MemoryPersonaStore
}

/** A store in memory: all of it is lost with the process. */
export function memoryPersonaStore(): MemoryPersonaStore {
  return new MemoryStore({ byId: new Map(), made: 0 })
}

interface Memory {
  /** In the order of making. */
  readonly byId: Map<string, Kept>
  made: number
}

interface Kept {
  readonly number: number
  readonly persona: Persona
}

// A method is done before its promise is there, so each is one step to all who have the memory.
class MemoryStore implements MemoryPersonaStore {
  readonly #memory: Memory
  #isClosed = false

  constructor(memory: Memory) {
    this.#memory = memory
  }

  connect(): MemoryPersonaStore {
    return new MemoryStore(this.#memory)
  }

  async create(persona: Persona, { maxOfOwner }: { readonly maxOfOwner: number }): Promise<'created' | 'too-many'> {
    this.#checkOpen()
    const { id, owner } = persona
    if (this.#memory.byId.has(id)) throw new StoreError('exists', `There is a persona ${id} already`)
    const own = [...this.#memory.byId.values()].filter((kept) => kept.persona.owner === owner)
    checkNameIsFree(own, persona)
    if (own.length >= maxOfOwner) return 'too-many'
    this.#memory.made += 1
    this.#memory.byId.set(id, { number: this.#memory.made, persona: structuredClone(persona) })
    return 'created'
  }

  async update(persona: Persona, { expectVersion }: { readonly expectVersion: number }): Promise<void> {
    this.#checkOpen()
    const { id, owner } = persona
    const kept = this.#memory.byId.get(id)
    if (kept === undefined) throw new StoreError('not-found', `There is no persona ${id}`)
    checkVersion(kept, expectVersion)
    const others = [...this.#memory.byId.values()].filter((one) => one !== kept && one.persona.owner === owner)
    checkNameIsFree(others, persona)
    this.#memory.byId.set(id, { number: kept.number, persona: structuredClone(persona) })
  }

  async find(id: string): Promise<Persona | undefined> {
    this.#checkOpen()
    return structuredClone(this.#memory.byId.get(id)?.persona)
  }

  async list(query: PersonaQuery): Promise<FoundPersonas> {
    this.#checkOpen()
    checkCount('query.limit', query.limit, 1)
    const after = numberAfter(query.after)
    const found: Persona[] = []
    let last = after
    for (const { number, persona } of this.#memory.byId.values()) {
      if (number <= after || !fitsQuery(persona, query)) continue
      if (found.length >= query.limit) return { found, damaged: [], next: String(last) }
      found.push(structuredClone(persona))
      last = number
    }
    return { found, damaged: [] }
  }

  async remove(id: string, { expectVersion }: { readonly expectVersion?: number } = {}): Promise<boolean> {
    this.#checkOpen()
    const kept = this.#memory.byId.get(id)
    if (kept !== undefined && expectVersion !== undefined) checkVersion(kept, expectVersion)
    return this.#memory.byId.delete(id)
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
  }
}

function checkNameIsFree(own: readonly Kept[], { owner, name }: Persona): void {
  if (own.some(({ persona }) => nameKeyOf(persona.name) === nameKeyOf(name)))
    throw new StoreError('exists', `${owner} has a persona ${name} already`)
}

function checkVersion({ persona: { id, version } }: Kept, expectVersion: number): void {
  if (version !== expectVersion)
    throw new StoreError('fenced', `Persona ${id} is at version ${version} by now, not at ${expectVersion}`)
}

/** @throws RangeError when it is no `next` of a page */
function numberAfter(after: string | undefined): number {
  if (after === undefined) return 0
  if (!/^\d{1,15}$/.test(after)) throw new RangeError('Expected `query.after` to be the `next` of an earlier page')
  return Number(after)
}
