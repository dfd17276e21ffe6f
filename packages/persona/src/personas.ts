import {
  type Agent,
  type Clock,
  consoleLogger,
  type Ids,
  type Logger,
  type Palette,
  randomIds,
  type RunInfo,
  systemClock,
} from '@executus/core'
import { checkCount, checkKeys, checkPort, checkText, expected } from '@executus/core/check-option'
import { StoreError } from '@executus/core/store-error'

import { checkBounds, checkPersona, DEFAULT_BOUNDS, type PersonaBounds } from './check-persona.ts'
import { refuseCycle } from './cycle.ts'
import { PersonaError } from './errors.ts'
import { findNamed } from './find-named.ts'
import { memoryPersonaStore } from './memory-store.ts'
import { personaPalette } from './persona-palette.ts'
import type { PersonaQuery, PersonaStore } from './persona-store.ts'
import type { Persona, PersonaAgent, Visibility } from './persona.ts'
import { bindAgent, checkAllowed, checkPolicy, type PersonaPolicy } from './policy.ts'
import { checkMayChange, checkViewer, maySee, ownerFor, seenByOf, type Viewer } from './viewer.ts'

export interface PersonasOptions {
  /** @default memoryPersonaStore() */
  readonly store?: PersonaStore
  /** What personas may name. @default no tools, the tier `fast`, core's default limits, any palette */
  readonly allow?: PersonaPolicy
  readonly bounds?: PersonaBounds
  /** The scopes that the caller of a run is in. @default the run's guild */
  readonly scopesOf?: (info: RunInfo) => readonly string[] | Promise<readonly string[]>
  /** @default systemClock */
  readonly clock?: Clock
  /** @default randomIds */
  readonly ids?: Ids
  /** Told of personas that are damaged or name what is not allowed any more. @default consoleLogger */
  readonly logger?: Logger
}

/**
 * Agents as stored data. Who may not see a persona is told what is told of one that is not there. Rejects with `StoreError`
 * for what the store says, with `PersonaError` for what somebody may not do, and with `TypeError` or `RangeError` for a
 * persona that is none, or more than is allowed.
 */
export interface Personas {
  /** Makes one. Rejects with `exists` when the owner has one of that name. */
  create(draft: PersonaDraft, options: { readonly as: Viewer }): Promise<Persona>
  /**
   * Changes what is given of one's own; `agent` is replaced as a whole. `version` is what the change is based on: when there
   * is a newer one, it rejects with `fenced`, and the message tells which. Rejects with `not-found`.
   */
  update(
    id: string,
    change: PersonaChange,
    options: { readonly as: Viewer; readonly version: number },
  ): Promise<Persona>
  /** The one with this id. */
  get(id: string, options: { readonly as: Viewer }): Promise<Persona | undefined>
  /** What a name means to somebody: one's own, else a shared one, else a public one, the oldest. */
  find(name: string, options: { readonly as: Viewer }): Promise<Persona | undefined>
  /** Those that one sees, in the order of their making. */
  list(query: PersonaListQuery, options: { readonly as: Viewer }): Promise<PersonaPage>
  /** Forgets one's own; gives whether it was there. An admin can also remove one that is damaged. */
  remove(id: string, options: { readonly as: Viewer }): Promise<boolean>
  /**
   * The agent to run, without what is not allowed (any more). It is data from outside: run it with `isFirstParty: false`.
   */
  agentOf(persona: Persona): Agent
  /** For an executor: whom a run may delegate to, as its caller sees them. */
  palette(): Palette
  /** Closes the store. */
  close(): Promise<void>
}

export interface PersonaDraft {
  /** The host's to give, not its users'. @default one of `ids` */
  readonly id?: string
  readonly name: string
  /** Only an admin names another. @default who makes it */
  readonly owner?: string
  /** @default 'private' */
  readonly visibility?: Visibility
  readonly scope?: string
  /** @default {} */
  readonly agent?: PersonaAgent
}

export type PersonaChange = Partial<Omit<PersonaDraft, 'id'>>

export interface PersonaListQuery extends Pick<PersonaQuery, 'owner' | 'visibility' | 'scope' | 'text' | 'after'> {
  /** @default 50 */
  readonly limit?: number
}

export interface PersonaPage {
  readonly personas: readonly Persona[]
  /** Where to go on; absent when that was all. */
  readonly next?: string
}

const OPTIONS = ['store', 'allow', 'bounds', 'scopesOf', 'clock', 'ids', 'logger']
const STORE = ['create', 'update', 'find', 'list', 'remove', 'close']
const DRAFT = ['id', 'name', 'owner', 'visibility', 'scope', 'agent']
const CHANGE = ['name', 'owner', 'visibility', 'scope', 'agent']
const LIST = ['owner', 'visibility', 'scope', 'text', 'after', 'limit']
const PAGE = 50

/**
 * Personas in a store.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const personas = createPersonas({ allow: { tools: ['web_fetch'] } })
 * const executor = createExecutor({ ...fromEnv(), palette: personas.palette() })
 */
export function createPersonas(options: PersonasOptions = {}): Personas {
  checkKeys('options', options, OPTIONS)
  const { store = memoryPersonaStore(), allow = {}, bounds = {}, scopesOf = guildOf } = options
  const { clock = systemClock, ids = randomIds, logger = consoleLogger } = options
  checkPort('options.store', store, STORE)
  checkPolicy(allow)
  checkBounds(bounds)
  if (typeof scopesOf !== 'function') throw expected('options.scopesOf', 'a function', scopesOf)
  checkPort('options.clock', clock, ['now'])
  checkPort('options.ids', ids, ['next'])
  checkPort('options.logger', logger, ['warn', 'error'])
  return new StoredPersonas({ store, allow, bounds: { ...DEFAULT_BOUNDS, ...bounds }, scopesOf, clock, ids, logger })
}

function guildOf({ guild }: RunInfo): readonly string[] {
  return guild === undefined ? [] : [guild]
}

type Config = Required<Omit<PersonasOptions, 'bounds'>> & { readonly bounds: Required<PersonaBounds> }

class StoredPersonas implements Personas {
  readonly #config: Config

  constructor(config: Config) {
    this.#config = config
  }

  async create(draft: PersonaDraft, { as }: { readonly as: Viewer }): Promise<Persona> {
    checkKeys('persona', draft, DRAFT)
    checkViewer(as)
    const { clock, ids, store, bounds } = this.#config
    const nowMs = Math.floor(clock.now())
    const { id = ids.next(), name, visibility = 'private', scope, agent = {} } = draft
    const persona = plain<Persona>({
      id,
      name,
      owner: ownerFor(as, draft.owner),
      visibility,
      ...(scope !== undefined && { scope }),
      agent,
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    await this.#check(persona, as)
    if ((await store.create(persona, { maxOfOwner: bounds.maxPerOwner })) === 'too-many')
      throw new PersonaError('too-many', `There may be no more than ${bounds.maxPerOwner} personas of one owner`)
    return persona
  }

  async update(
    id: string,
    change: PersonaChange,
    { as, version }: { readonly as: Viewer; readonly version: number },
  ): Promise<Persona> {
    checkKeys('change', change, CHANGE)
    checkCount('version', version, 1)
    const before = await this.get(id, { as })
    if (before === undefined) throw new StoreError('not-found', `There is no persona ${id}`)
    checkMayChange(as, before)
    const { clock, store } = this.#config
    const { scope: oldScope, ...kept } = before
    const { name = before.name, visibility = before.visibility, agent = before.agent } = change
    const { scope = visibility === 'shared' ? oldScope : undefined } = change
    const persona = plain<Persona>({
      ...kept,
      name,
      owner: change.owner === undefined ? before.owner : ownerFor(as, change.owner),
      visibility,
      ...(scope !== undefined && { scope }),
      agent,
      version: version + 1,
      updatedAtMs: Math.max(before.createdAtMs, Math.floor(clock.now())),
    })
    await this.#check(persona, as, before)
    await store.update(persona, { expectVersion: version })
    return persona
  }

  async get(id: string, { as }: { readonly as: Viewer }): Promise<Persona | undefined> {
    checkText('id', id)
    checkViewer(as)
    const persona = await this.#config.store.find(id)
    return persona !== undefined && maySee(as, persona) ? persona : undefined
  }

  async find(name: string, { as }: { readonly as: Viewer }): Promise<Persona | undefined> {
    checkText('name', name)
    checkViewer(as)
    const { id, scopes = [] } = as
    return findNamed(this.#config.store, name, { ...(id !== undefined && { id }), scopes }, { onDamaged: this.#tell })
  }

  async list(query: PersonaListQuery, { as }: { readonly as: Viewer }): Promise<PersonaPage> {
    checkKeys('query', query, LIST)
    checkViewer(as)
    const { limit = PAGE, ...rest } = query
    checkCount('query.limit', limit, 1)
    const { found, damaged, next } = await this.#config.store.list({ ...rest, ...seenByOf(as), limit })
    for (const id of damaged) this.#tell(id)
    return { personas: found, ...(next !== undefined && { next }) }
  }

  async remove(id: string, { as }: { readonly as: Viewer }): Promise<boolean> {
    checkViewer(as)
    if (as.isAdmin) return this.#config.store.remove(id)
    const persona = await this.get(id, { as })
    if (persona === undefined) return false
    checkMayChange(as, persona)
    // It may have been given to somebody else meanwhile.
    return this.#config.store.remove(id, { expectVersion: persona.version })
  }

  agentOf(persona: Persona): Agent {
    const { allow, logger } = this.#config
    const agent = bindAgent(allow, persona.agent, (part, what) =>
      logger.warn(`persona ${persona.name} names ${what} in its ${part}, which is not allowed`),
    )
    return { ...agent, name: persona.name }
  }

  palette(): Palette {
    const { store, scopesOf, logger } = this.#config
    const onDamaged = this.#tell
    return personaPalette({
      find: (name, seenBy) => findNamed(store, name, seenBy, { onDamaged }),
      agentOf: (persona) => this.agentOf(persona),
      scopesOf,
      logger,
    })
  }

  close(): Promise<void> {
    return this.#config.store.close()
  }

  readonly #tell = (id: string): void => this.#config.logger.warn(`What is kept of persona ${id} is damaged`)

  async #check(persona: Persona, as: Viewer, before?: Persona): Promise<void> {
    const { allow, bounds, store } = this.#config
    checkPersona(persona, bounds)
    checkAllowed(allow, persona.agent)
    if (!as.isAdmin) checkVisibility(allow, persona, as, before)
    await refuseCycle(store, persona)
  }
}

/** What an owner may say about who sees it; what was said before, by an admin say, may stay. */
function checkVisibility(
  { visibilities = ['private', 'shared'] }: PersonaPolicy,
  persona: Persona,
  as: Viewer,
  before: Persona | undefined,
): void {
  const { visibility, scope } = persona
  if (visibility === before?.visibility && scope === before.scope) return
  if (!visibilities.includes(visibility))
    throw new RangeError(`Expected \`persona.visibility\` to be one of ${visibilities.join(', ')}, got ${visibility}`)
  if (scope !== undefined && as.scopes?.includes(scope) !== true)
    throw new RangeError('Expected `persona.scope` to be one that its owner is in')
}

/** A copy as JSON, well-formed: what a store can keep. */
function plain<T>(value: T): T {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part))
  return JSON.parse(text) as T
}
