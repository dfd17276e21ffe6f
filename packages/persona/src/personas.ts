import type { Agent, Palette } from '@executus/core'
import { checkKeys } from '@executus/core/check-option'
import {
  allowedAgent,
  checkAllowed,
  checkPolicy,
  type OwnedChange,
  type OwnedDraft,
  type OwnedItems,
  ownedItems,
  type OwnedListQuery,
  ownedPalette,
  type OwnedPolicy,
  type OwnedPorts,
  PORT_OPTIONS,
  portsOf,
  type Viewer,
} from '@executus/core/owned'

import { checkBounds, checkPersona, DEFAULT_BOUNDS, type PersonaBounds } from './check-persona.ts'
import { refuseCycle } from './cycle.ts'
import { personaDelegate } from './persona-delegate.ts'
import { type Persona, type PersonaAgent, personaKind } from './persona.ts'

export interface PersonasOptions extends OwnedPorts<Persona> {
  /** What personas may name. @default no tools, the tier `fast`, core's default limits, any palette */
  readonly allow?: PersonaPolicy
  readonly bounds?: PersonaBounds
}

export type PersonaPolicy = OwnedPolicy

/** Agents as stored data: made, changed and found as core's `OwnedItems` tells, and run. */
export interface Personas extends Omit<OwnedItems<Persona, PersonaDraft>, 'list'> {
  /** Those that one sees, in the order of their making. */
  list(query: OwnedListQuery, options: { readonly as: Viewer }): Promise<PersonaPage>
  /**
   * The agent to run, without what is not allowed (any more). It is data from outside: run it with `isFirstParty: false`.
   */
  agentOf(persona: Persona): Agent
  /** For an executor: whom a run may delegate to, as its caller sees them. */
  palette(): Palette
}

export interface PersonaDraft extends OwnedDraft {
  /** @default {} */
  readonly agent?: PersonaAgent
}

export type PersonaChange = OwnedChange<PersonaDraft>

export interface PersonaPage {
  readonly personas: readonly Persona[]
  /** Where to go on; absent when that was all. */
  readonly next?: string
}

const OPTIONS = [...PORT_OPTIONS, 'allow', 'bounds']

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
  const ports = portsOf(personaKind, options)
  const { store, logger } = ports
  const { allow = {}, bounds = {} } = options
  checkPolicy(allow, ['tools', 'tiers', 'maxLimits', 'palette', 'visibilities'])
  checkBounds(bounds)
  const sizes = { ...DEFAULT_BOUNDS, ...bounds }
  const items = ownedItems<Persona, PersonaDraft>({
    kind: personaKind,
    content: { agent: {} },
    visibilities: allow.visibilities,
    maxPerOwner: sizes.maxPerOwner,
    async check(persona) {
      checkPersona(persona, sizes)
      checkAllowed('persona', allow, persona.agent)
      await refuseCycle(store, persona)
    },
    ports,
  })
  const agentOf = (persona: Persona) => allowedAgent('persona', allow, persona, logger)
  return {
    ...items,
    async list(query, { as }) {
      const { found, ...page } = await items.list(query, { as })
      return { personas: found, ...page }
    },
    agentOf,
    palette: () => ownedPalette(personaKind, ports, (name, persona) => personaDelegate(name, persona, agentOf, logger)),
  }
}
