import { nameKeyOf, type Owned, type OwnedAgent, type OwnedKind } from '@executus/core/owned'

/** An agent that somebody made, as it is kept. Plain data. */
export interface Persona extends Owned {
  readonly agent: PersonaAgent
}

/** How it runs; its name is the persona's. */
export type PersonaAgent = OwnedAgent

/** What stores of personas go by. A search looks into the name and the description. */
export const personaKind: OwnedKind<Persona> = {
  noun: 'persona',
  wordsOf: ({ name, agent }) => nameKeyOf(`${name}\n${agent.description ?? ''}`),
}
