import { type Agent, checkAgent, type Delegate, type Logger } from '@executus/core'

import type { Persona } from './persona.ts'

/** A persona as a run may delegate to it; nothing, when it is no agent any more. */
export function personaDelegate(
  name: string,
  persona: Persona,
  agentOf: (persona: Persona) => Agent,
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
