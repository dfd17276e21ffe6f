import { type Agent, checkAgent, type Delegate, type Logger, type Palette, type RunInfo } from '@executus/core'

import type { Sight } from './find-named.ts'
import type { Persona } from './persona.ts'

interface PersonaPaletteOptions {
  readonly find: (name: string, seenBy: Sight) => Promise<Persona | undefined>
  readonly agentOf: (persona: Persona) => Agent
  readonly scopesOf: (info: RunInfo) => readonly string[] | Promise<readonly string[]>
  readonly logger: Logger
}

/** Personas that a run may delegate to: as its caller sees them, who is no admin here. */
export function personaPalette({ find, agentOf, scopesOf, logger }: PersonaPaletteOptions): Palette {
  return {
    async resolve(names, info, { signal }) {
      const scopes = await scopesOf(info)
      const seenBy = { ...(info.caller !== undefined && { id: info.caller }), scopes }
      const delegates: Delegate[] = []
      for (const name of new Set(names)) {
        signal.throwIfAborted()
        const persona = await find(name, seenBy)
        if (persona === undefined) continue
        const delegate = delegateOf(name, persona, agentOf, logger)
        if (delegate !== undefined) delegates.push(delegate)
      }
      return delegates
    },
  }
}

function delegateOf(
  name: string,
  persona: Persona,
  agentOf: PersonaPaletteOptions['agentOf'],
  logger: Logger,
): Delegate | undefined {
  try {
    const agent = agentOf(persona)
    checkAgent(agent)
    const description = agent.description?.trim() || `The agent ${persona.name}.`
    return { kind: 'agent', name, description, agent, isFirstParty: false }
  } catch (error) {
    // An older version may have kept what is no agent today.
    logger.warn(`persona ${persona.name} cannot be delegated to`, error)
    return undefined
  }
}
