import { type Agent, type Palette, type RunInfo, staticPalette } from '@executus/core'
import { nameKeyOf, type Viewer } from '@executus/core/owned'
import type { Personas } from '@executus/persona'
import type { Skills } from '@executus/skill'

import type { AgentConfig } from '../config/bot-config.ts'
import { SCHEDULE_TOOL_NAMES } from '../tools/schedule/schedule-tools.ts'
import type { AgentChoice } from './bot.ts'

/** An agent is offered at most so many others: each is a tool that the model reads about. */
const MOST_DELEGATES = 30

export interface CastOptions {
  /** Those that come with the bot; the first is the one that answers. */
  readonly agents: readonly Required<AgentConfig>[]
  readonly personas: Personas
  readonly skills: Skills
  readonly isOwner: (personId: string) => boolean
}

export interface CastMember {
  readonly agent: Agent
  /** Whether the bot itself brings it: what people made is bound more tightly. */
  readonly isFirstParty: boolean
}

/** The agents that people talk to: those that come with the bot, and those that somebody made. */
export class Cast {
  readonly #options: CastOptions

  constructor(options: CastOptions) {
    this.#options = options
  }

  /** The one that answers where nobody chose another. */
  get first(): string {
    return this.#options.agents[0]!.name
  }

  /** Whether an agent has a tool of its run: those are named by no agent of the executor's. */
  mayUse({ agent, parentRunId }: Pick<RunInfo, 'agent' | 'parentRunId'>, tool: string): boolean {
    const builtIn = this.#options.agents.find(({ name }) => name === agent.name)
    return builtIn === undefined ? parentRunId === undefined : builtIn.tools.includes(tool)
  }

  /** Those that come with the bot, as others may ask them. */
  palette(): Palette {
    const agents = this.#options.agents.map(({ name, description, instructions, tier, tools }) => {
      return { name, description, instructions, tier, tools: tools.filter(isRegistered) }
    })
    return staticPalette(agents)
  }

  viewerOf(personId: string | undefined, guild: string | undefined): Viewer {
    const scopes = guild === undefined ? [] : [guild]
    const isAdmin = personId !== undefined && this.#options.isOwner(personId)
    return { ...(personId !== undefined && { id: personId }), roles: [], isAdmin, scopes }
  }

  /** What a name means to somebody; `undefined` where it means nothing (any more). */
  async find(name: string, as: Viewer): Promise<CastMember | undefined> {
    const builtIn = this.#builtIn(name)
    if (builtIn !== undefined) return { agent: await this.#agentOf(builtIn, as), isFirstParty: true }
    const { personas } = this.#options
    const persona = await personas.find(name, { as })
    return persona && { agent: personas.agentOf(persona), isFirstParty: false }
  }

  /** Those that somebody may talk to. */
  async choices(as: Viewer): Promise<readonly AgentChoice[]> {
    const { personas } = await this.#options.personas.list({ limit: 50 }, { as: asOneself(as) })
    const builtIn = this.#options.agents.map(({ name, description }) => ({ name, description, isBuiltIn: true }))
    const made = personas.map(({ name, agent }) => ({ name, description: agent.description ?? '', isBuiltIn: false }))
    return [...builtIn, ...made.filter(({ name }) => this.#builtIn(name) === undefined)]
  }

  /** Capitals do not count, so that nothing that people make can pass for one that comes with the bot. */
  #builtIn(name: string): Required<AgentConfig> | undefined {
    return this.#options.agents.find((agent) => nameKeyOf(agent.name) === nameKeyOf(name))
  }

  async #agentOf({ name, description, instructions, tier, tools }: Required<AgentConfig>, as: Viewer): Promise<Agent> {
    const { skills } = this.#options
    const others = (await this.choices(as)).map((one) => one.name).filter((one) => one !== name)
    const { skills: saved } = await skills.list({ limit: MOST_DELEGATES }, { as: asOneself(as) })
    return {
      name,
      description,
      instructions,
      tier,
      tools: tools.filter(isRegistered),
      // What a delegate may use is its own list: the researcher reads pages though the one who asks it may not.
      delegateTools: [...new Set(this.#options.agents.flatMap((one) => one.tools.filter(isRegistered)))],
      palette: [...new Set([...others, ...saved.map((skill) => skill.name)])].slice(0, MOST_DELEGATES),
    }
  }
}

/** An owner may see what all have made, and talks to what is theirs, as anybody: a run finds nothing else by name. */
function asOneself(as: Viewer): Viewer {
  return { ...as, isAdmin: false }
}

function isRegistered(tool: string): boolean {
  return !SCHEDULE_TOOL_NAMES.some((name) => name === tool)
}
