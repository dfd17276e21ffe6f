import { defineTool, StoreError, type Tool, type ToolContext } from '@executus/core'
import { checkKeys, checkPort, expected } from '@executus/core/check-option'
import { type Viewer, VISIBILITIES, type Visibility } from '@executus/core/owned'

import { type Field, objectSchema } from './object-schema.ts'
import type { Persona, PersonaAgent } from './persona.ts'
import type { Personas } from './personas.ts'

export interface PersonaToolsOptions {
  /** For whom a call is made: what it may see and change. */
  readonly principalOf: (context: ToolContext) => Viewer | Promise<Viewer>
}

interface Fields {
  readonly name: string
  readonly description?: string
  readonly instructions?: string
  readonly tier?: string
  readonly tools?: readonly string[]
  readonly palette?: readonly string[]
  readonly visibility?: Visibility
  readonly scope?: string
}

const FIELDS = {
  description: { type: 'string', description: 'What it is good at, and when to ask it.' },
  instructions: { type: 'string', description: 'Its system prompt: who it is and how it works.' },
  tier: { type: 'string', description: 'The tier of models that it uses.' },
  tools: { type: 'strings', description: 'Names of the tools that it may use.' },
  palette: { type: 'strings', description: 'Names of the agents and skills that it may delegate to.' },
  visibility: { type: 'string', choices: VISIBILITIES, description: 'Who sees it: its owner, a scope, or everybody.' },
  scope: { type: 'string', description: 'With visibility shared: the scope that it is shared with.' },
} as const satisfies Readonly<Record<string, Field>>

const NAME = { type: 'string', isRequired: true } as const

/**
 * The tools `list_agents`, `read_agent`, `create_agent` and `update_agent`, so that agents can be made in a conversation.
 * Each call may do what its principal may do, and no more.
 *
 * @throws TypeError that names the option
 */
export function personaTools(personas: Personas, options: PersonaToolsOptions): readonly Tool[] {
  checkPort('personas', personas, ['create', 'update', 'get', 'find', 'list'])
  checkKeys('options', options, ['principalOf'])
  const { principalOf } = options
  if (typeof principalOf !== 'function') throw expected('options.principalOf', 'a function', principalOf)
  return [
    listTool(personas, principalOf),
    readTool(personas, principalOf),
    createTool(personas, principalOf),
    updateTool(personas, principalOf),
  ]
}

type PrincipalOf = PersonaToolsOptions['principalOf']

function listTool(personas: Personas, principalOf: PrincipalOf): Tool {
  return defineTool({
    name: 'list_agents',
    description: 'Lists saved agents by name, with what each is good at.',
    effect: 'read',
    capabilities: ['x:persona.read'],
    input: objectSchema<{ readonly text?: string; readonly after?: string }>({
      text: { type: 'string', description: 'Only those whose name or description holds this.' },
      after: { type: 'string', description: 'The `next` of an earlier answer, to go on.' },
    }),
    async run(query, context) {
      const as = await principalOf(context)
      const { personas: found, next } = await personas.list(query, { as })
      return { agents: found.map((persona) => summaryOf(persona, as)), ...(next !== undefined && { next }) }
    },
  })
}

function readTool(personas: Personas, principalOf: PrincipalOf): Tool {
  return defineTool({
    name: 'read_agent',
    description: 'Shows everything about a saved agent, with the version that a change must be based on.',
    effect: 'read',
    capabilities: ['x:persona.read'],
    input: objectSchema<{ readonly name: string }>({ name: { ...NAME, description: 'The name of the agent.' } }),
    async run({ name }, context) {
      const as = await principalOf(context)
      const persona = await named(personas, name, as)
      return { ...summaryOf(persona, as), ...persona.agent }
    },
  })
}

function createTool(personas: Personas, principalOf: PrincipalOf): Tool {
  return defineTool({
    name: 'create_agent',
    description:
      'Saves a new agent, which can be delegated to by its name from then on. It is private unless said otherwise.',
    effect: 'write',
    // Its id is the call's key, so a second attempt finds what the first has made.
    replay: 'idempotent',
    capabilities: ['x:persona.write'],
    input: objectSchema<Fields>({
      name: { ...NAME, description: 'What it is called: new among one’s own.' },
      ...FIELDS,
    }),
    resources: ({ name }) => [{ kind: 'persona', value: name }],
    async run({ name, visibility, scope, ...agent }, context) {
      const as = await principalOf(context)
      const id = context.idempotencyKey
      const draft = { id, name, agent, ...(visibility && { visibility }), ...(scope !== undefined && { scope }) }
      try {
        return summaryOf(await personas.create(draft, { as }), as)
      } catch (error) {
        const earlier = context.attempt > 1 && StoreError.is(error) && error.code === 'exists'
        const made = earlier ? await personas.get(id, { as }) : undefined
        if (made === undefined) throw error
        return summaryOf(made, as)
      }
    },
  })
}

function updateTool(personas: Personas, principalOf: PrincipalOf): Tool {
  return defineTool({
    name: 'update_agent',
    description: 'Changes a saved agent of one’s own. What is not given stays as it is. Read it first.',
    effect: 'write',
    capabilities: ['x:persona.write'],
    input: objectSchema<Fields & { readonly version: number; readonly newName?: string }>({
      name: { ...NAME, description: 'The name of the agent.' },
      version: { type: 'integer', isRequired: true, description: 'The version that read_agent showed.' },
      newName: { type: 'string', description: 'What it is to be called from now on.' },
      ...FIELDS,
    }),
    resources: ({ name }) => [{ kind: 'persona', value: name }],
    async run({ name, version, newName, visibility, scope, ...fields }, context) {
      const as = await principalOf(context)
      const { id, agent } = await named(personas, name, as)
      const change = {
        ...(newName !== undefined && { name: newName }),
        ...(visibility && { visibility }),
        ...(scope !== undefined && { scope }),
        agent: { ...agent, ...fields } satisfies PersonaAgent,
      }
      return summaryOf(await personas.update(id, change, { as, version }), as)
    },
  })
}

async function named(personas: Personas, name: string, as: Viewer): Promise<Persona> {
  const persona = await personas.find(name, { as })
  if (persona === undefined) throw new Error(`There is no agent ${name}; list_agents shows those that there are`)
  return persona
}

/** Ids and owners are the host's matter. */
function summaryOf(
  { name, agent, visibility, version, owner }: Persona,
  as: Viewer,
): Readonly<Record<string, unknown>> {
  return { name, description: agent.description ?? '', visibility, isMine: owner === as.id, version }
}
