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

import { checkBounds, checkSkill, DEFAULT_BOUNDS, type SkillBounds } from './check-skill.ts'
import { SkillError } from './errors.ts'
import { fillPrompt } from './fill-prompt.ts'
import { findNamed } from './find-named.ts'
import { memorySkillStore } from './memory-store.ts'
import { plain } from './plain.ts'
import { bindAgent, checkAllowed, checkPolicy, checkVisibility, type SkillPolicy } from './policy.ts'
import { readInputs, type SkillInput } from './skill-inputs.ts'
import { skillPalette } from './skill-palette.ts'
import type { SkillQuery, SkillStore } from './skill-store.ts'
import type { Skill, SkillAgent, Visibility } from './skill.ts'
import { checkMayChange, checkViewer, maySee, ownerFor, seenByOf, type Viewer } from './viewer.ts'

export interface SkillsOptions {
  /** @default memorySkillStore() */
  readonly store?: SkillStore
  /** What skills may name. @default no tools, the tier `fast`, core's default limits */
  readonly allow?: SkillPolicy
  readonly bounds?: SkillBounds
  /** The scopes that the caller of a run is in. @default the run's guild */
  readonly scopesOf?: (info: RunInfo) => readonly string[] | Promise<readonly string[]>
  /** @default systemClock */
  readonly clock?: Clock
  /** @default randomIds */
  readonly ids?: Ids
  /** Told of skills that are damaged or name what is not allowed any more. @default consoleLogger */
  readonly logger?: Logger
}

/**
 * Skills as stored data. Who may not see a skill is told what is told of one that is not there. Rejects with `StoreError`
 * for what the store says, with `SkillError` for what somebody may not do, and with `TypeError` or `RangeError` for a
 * skill that is none, or more than is allowed.
 */
export interface Skills {
  /** Makes one. Rejects with `exists` when the owner has one of that name. */
  create(draft: SkillDraft, options: { readonly as: Viewer }): Promise<Skill>
  /**
   * Changes what is given of one's own; `agent` is replaced as a whole. `version` is what the change is based on: when there
   * is a newer one, it rejects with `fenced`, and the message tells which. Rejects with `not-found`.
   */
  update(id: string, change: SkillChange, options: { readonly as: Viewer; readonly version: number }): Promise<Skill>
  /** The one with this id. */
  get(id: string, options: { readonly as: Viewer }): Promise<Skill | undefined>
  /** What a name means to somebody: one's own, else a shared one, else a public one, the oldest. */
  find(name: string, options: { readonly as: Viewer }): Promise<Skill | undefined>
  /** Those that one sees, in the order of their making. */
  list(query: SkillListQuery, options: { readonly as: Viewer }): Promise<SkillPage>
  /** Forgets one's own; gives whether it was there. An admin can also remove one that is damaged. */
  remove(id: string, options: { readonly as: Viewer }): Promise<boolean>
  /**
   * The agent to run, without what is not allowed (any more). It is data from outside: run it with `isFirstParty: false`.
   */
  agentOf(skill: Skill): Agent
  /**
   * What to run it on: the prompt with these inputs.
   *
   * @throws RangeError when they are not what it takes
   */
  promptOf(skill: Skill, inputs: Readonly<Record<string, string | number | boolean>>): string
  /** For an executor: the skills that a run may call as `skill__name`, as its caller sees them. */
  palette(): Palette
  /** Closes the store. */
  close(): Promise<void>
}

export interface SkillDraft {
  /** The host's to give, not its users'. @default one of `ids` */
  readonly id?: string
  readonly name: string
  /** Only an admin names another. @default who makes it */
  readonly owner?: string
  /** @default 'private' */
  readonly visibility?: Visibility
  readonly scope?: string
  readonly description: string
  /** @default none */
  readonly inputs?: readonly SkillInput[]
  readonly prompt: string
  /** @default {} */
  readonly agent?: SkillAgent
}

export type SkillChange = Partial<Omit<SkillDraft, 'id'>>

export interface SkillListQuery extends Pick<SkillQuery, 'owner' | 'visibility' | 'scope' | 'text' | 'after'> {
  /** @default 50 */
  readonly limit?: number
}

export interface SkillPage {
  readonly skills: readonly Skill[]
  /** Where to go on; absent when that was all. */
  readonly next?: string
}

const OPTIONS = ['store', 'allow', 'bounds', 'scopesOf', 'clock', 'ids', 'logger']
const STORE = ['create', 'update', 'find', 'list', 'remove', 'close']
const DRAFT = ['id', 'name', 'owner', 'visibility', 'scope', 'description', 'inputs', 'prompt', 'agent']
const CHANGE = DRAFT.slice(1)
const LIST = ['owner', 'visibility', 'scope', 'text', 'after', 'limit']
const PAGE = 50

/**
 * Skills in a store.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const skills = createSkills({ allow: { tools: ['web_fetch'] } })
 * const executor = createExecutor({ ...fromEnv(), palette: skills.palette() })
 */
export function createSkills(options: SkillsOptions = {}): Skills {
  checkKeys('options', options, OPTIONS)
  const { store = memorySkillStore(), allow = {}, bounds = {}, scopesOf = guildOf } = options
  const { clock = systemClock, ids = randomIds, logger = consoleLogger } = options
  checkPort('options.store', store, STORE)
  checkPolicy(allow)
  checkBounds(bounds)
  if (typeof scopesOf !== 'function') throw expected('options.scopesOf', 'a function', scopesOf)
  checkPort('options.clock', clock, ['now'])
  checkPort('options.ids', ids, ['next'])
  checkPort('options.logger', logger, ['warn', 'error'])
  return new StoredSkills({ store, allow, bounds: { ...DEFAULT_BOUNDS, ...bounds }, scopesOf, clock, ids, logger })
}

function guildOf({ guild }: RunInfo): readonly string[] {
  return guild === undefined ? [] : [guild]
}

type Config = Required<Omit<SkillsOptions, 'bounds'>> & { readonly bounds: Required<SkillBounds> }

class StoredSkills implements Skills {
  readonly #config: Config

  constructor(config: Config) {
    this.#config = config
  }

  async create(draft: SkillDraft, { as }: { readonly as: Viewer }): Promise<Skill> {
    checkKeys('skill', draft, DRAFT)
    checkViewer(as)
    const { clock, ids, store, bounds } = this.#config
    const nowMs = Math.floor(clock.now())
    const { id = ids.next(), name, visibility = 'private', scope } = draft
    const { description, inputs = [], prompt, agent = {} } = draft
    const skill = plain<Skill>({
      id,
      name,
      owner: ownerFor(as, draft.owner),
      visibility,
      ...(scope !== undefined && { scope }),
      description,
      inputs,
      prompt,
      agent,
      version: 1,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    this.#check(skill, as)
    if ((await store.create(skill, { maxOfOwner: bounds.maxPerOwner })) === 'too-many')
      throw new SkillError('too-many', `There may be no more than ${bounds.maxPerOwner} skills of one owner`)
    return skill
  }

  async update(
    id: string,
    change: SkillChange,
    { as, version }: { readonly as: Viewer; readonly version: number },
  ): Promise<Skill> {
    checkKeys('change', change, CHANGE)
    checkCount('version', version, 1)
    const before = await this.get(id, { as })
    if (before === undefined) throw new StoreError('not-found', `There is no skill ${id}`)
    checkMayChange(as, before)
    const { clock, store } = this.#config
    const { scope: oldScope, ...kept } = before
    const { name = before.name, visibility = before.visibility, agent = before.agent } = change
    const { description = before.description, inputs = before.inputs, prompt = before.prompt } = change
    const { scope = visibility === 'shared' ? oldScope : undefined } = change
    const skill = plain<Skill>({
      ...kept,
      name,
      owner: change.owner === undefined ? before.owner : ownerFor(as, change.owner),
      visibility,
      ...(scope !== undefined && { scope }),
      description,
      inputs,
      prompt,
      agent,
      version: version + 1,
      updatedAtMs: Math.max(before.createdAtMs, Math.floor(clock.now())),
    })
    this.#check(skill, as, before)
    await store.update(skill, { expectVersion: version })
    return skill
  }

  async get(id: string, { as }: { readonly as: Viewer }): Promise<Skill | undefined> {
    checkText('id', id)
    checkViewer(as)
    const skill = await this.#config.store.find(id)
    return skill !== undefined && maySee(as, skill) ? skill : undefined
  }

  async find(name: string, { as }: { readonly as: Viewer }): Promise<Skill | undefined> {
    checkText('name', name)
    checkViewer(as)
    const { id, scopes = [] } = as
    return findNamed(this.#config.store, name, { ...(id !== undefined && { id }), scopes }, { onDamaged: this.#tell })
  }

  async list(query: SkillListQuery, { as }: { readonly as: Viewer }): Promise<SkillPage> {
    checkKeys('query', query, LIST)
    checkViewer(as)
    const { limit = PAGE, ...rest } = query
    checkCount('query.limit', limit, 1)
    const { found, damaged, next } = await this.#config.store.list({ ...rest, ...seenByOf(as), limit })
    for (const id of damaged) this.#tell(id)
    return { skills: found, ...(next !== undefined && { next }) }
  }

  async remove(id: string, { as }: { readonly as: Viewer }): Promise<boolean> {
    checkViewer(as)
    if (as.isAdmin) return this.#config.store.remove(id)
    const skill = await this.get(id, { as })
    if (skill === undefined) return false
    checkMayChange(as, skill)
    // It may have been given to somebody else meanwhile.
    return this.#config.store.remove(id, { expectVersion: skill.version })
  }

  agentOf(skill: Skill): Agent {
    const { allow, logger } = this.#config
    const agent = bindAgent(allow, skill.agent, (part, what) =>
      logger.warn(`skill ${skill.name} names ${what} in its ${part}, which is not allowed`),
    )
    return { ...agent, name: skill.name }
  }

  promptOf(skill: Skill, inputs: Readonly<Record<string, string | number | boolean>>): string {
    const read = readInputs(skill.inputs, inputs)
    if (!read.ok) throw new RangeError(`The inputs of ${skill.name} are wrong: ${read.problem}`)
    return fillPrompt(skill.prompt, read.value)
  }

  palette(): Palette {
    const { store, scopesOf, logger } = this.#config
    const onDamaged = this.#tell
    return skillPalette({
      find: (name, seenBy) => findNamed(store, name, seenBy, { onDamaged }),
      agentOf: (skill) => this.agentOf(skill),
      scopesOf,
      logger,
    })
  }

  close(): Promise<void> {
    return this.#config.store.close()
  }

  readonly #tell = (id: string): void => this.#config.logger.warn(`What is kept of skill ${id} is damaged`)

  #check(skill: Skill, as: Viewer, before?: Skill): void {
    const { allow, bounds } = this.#config
    checkSkill(skill, bounds)
    checkAllowed(allow, skill.agent)
    if (!as.isAdmin) checkVisibility(allow, skill, as, before)
  }
}
