import { checkCount } from '@executus/core/check-option'
import { StoreError } from '@executus/core/store-error'

import { fitsQuery, type FoundSkills, type SkillQuery, type SkillStore } from './skill-store.ts'
import { nameKeyOf, type Skill } from './skill.ts'

export interface MemorySkillStore extends SkillStore {
  /** Another store on the same memory, as another process has on the same file. */
  connect(): MemorySkillStore
}

/** A store in memory: all of it is lost with the process. */
export function memorySkillStore(): MemorySkillStore {
  return new MemoryStore({ byId: new Map(), made: 0 })
}

interface Memory {
  /** In the order of making. */
  readonly byId: Map<string, Kept>
  made: number
}

interface Kept {
  readonly number: number
  readonly skill: Skill
}

// A method is done before its promise is there, so each is one step to all who have the memory.
class MemoryStore implements MemorySkillStore {
  readonly #memory: Memory
  #isClosed = false

  constructor(memory: Memory) {
    this.#memory = memory
  }

  connect(): MemorySkillStore {
    return new MemoryStore(this.#memory)
  }

  async create(skill: Skill, { maxOfOwner }: { readonly maxOfOwner: number }): Promise<'created' | 'too-many'> {
    this.#checkOpen()
    const { id, owner } = skill
    if (this.#memory.byId.has(id)) throw new StoreError('exists', `There is a skill ${id} already`)
    const own = [...this.#memory.byId.values()].filter((kept) => kept.skill.owner === owner)
    checkNameIsFree(own, skill)
    if (own.length >= maxOfOwner) return 'too-many'
    this.#memory.made += 1
    this.#memory.byId.set(id, { number: this.#memory.made, skill: structuredClone(skill) })
    return 'created'
  }

  async update(skill: Skill, { expectVersion }: { readonly expectVersion: number }): Promise<void> {
    this.#checkOpen()
    const { id, owner } = skill
    const kept = this.#memory.byId.get(id)
    if (kept === undefined) throw new StoreError('not-found', `There is no skill ${id}`)
    checkVersion(kept, expectVersion)
    const others = [...this.#memory.byId.values()].filter((one) => one !== kept && one.skill.owner === owner)
    checkNameIsFree(others, skill)
    this.#memory.byId.set(id, { number: kept.number, skill: structuredClone(skill) })
  }

  async find(id: string): Promise<Skill | undefined> {
    this.#checkOpen()
    return structuredClone(this.#memory.byId.get(id)?.skill)
  }

  async list(query: SkillQuery): Promise<FoundSkills> {
    this.#checkOpen()
    checkCount('query.limit', query.limit, 1)
    const after = numberAfter(query.after)
    const found: Skill[] = []
    let last = after
    for (const { number, skill } of this.#memory.byId.values()) {
      if (number <= after || !fitsQuery(skill, query)) continue
      if (found.length >= query.limit) return { found, damaged: [], next: String(last) }
      found.push(structuredClone(skill))
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

function checkNameIsFree(own: readonly Kept[], { owner, name }: Skill): void {
  if (own.some(({ skill }) => nameKeyOf(skill.name) === nameKeyOf(name)))
    throw new StoreError('exists', `${owner} has a skill ${name} already`)
}

function checkVersion({ skill: { id, version } }: Kept, expectVersion: number): void {
  if (version !== expectVersion)
    throw new StoreError('fenced', `Skill ${id} is at version ${version} by now, not at ${expectVersion}`)
}

/** @throws RangeError when it is no `next` of a page */
function numberAfter(after: string | undefined): number {
  if (after === undefined) return 0
  if (!/^\d{1,15}$/.test(after)) throw new RangeError('Expected `query.after` to be the `next` of an earlier page')
  return Number(after)
}
