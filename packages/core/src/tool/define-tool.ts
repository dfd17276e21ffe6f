import { checkWith, jsonSchemaOf, type Schema, type SchemaOutput } from '@executus/llm'

import { checkCount, checkKeys, checkOneOf, checkPort, checkText, checkTexts } from '../check-option.ts'
import { checkInputSchema } from './check-input-schema.ts'
import type {
  Reconciled,
  ReplayClass,
  Tool,
  ToolCapability,
  ToolContext,
  ToolEffect,
  ToolResource,
  ToolVisibility,
} from './tool.ts'

/** How to make a tool. */
export interface ToolDefinition<S extends Schema> {
  /** What the model calls it: letters, digits, `_` and `-`, at most 64. */
  readonly name: string
  /** What it does and when to use it: all that the model knows about it. */
  readonly description: string
  /** Its arguments, an object. */
  readonly input: S
  /** @default 'write' */
  readonly effect?: ToolEffect
  /** What becomes of a call that a crash interrupted. @default 'rerun' for effect 'read', else 'once' */
  readonly replay?: ReplayClass
  /** What it can reach: a call is judged by these too. @default none */
  readonly capabilities?: readonly ToolCapability[]
  /** @default 'public' */
  readonly visibility?: ToolVisibility
  /** `'ask'`: a human allows each call. @default decided by the executor's `permissions` */
  readonly approval?: 'ask'
  /** Milliseconds that one call may take. @default the run's `toolTimeoutMs` */
  readonly timeoutMs?: number
  /**
   * What a call with this input touches, in one spelling for each thing (`src/main.ts`, never `./src/../src/main.ts`), so
   * that rules can speak of it. What it throws fails the call.
   */
  resources?(input: SchemaOutput<S>): readonly ToolResource[] | Promise<readonly ToolResource[]>
  /** For `replay: 'once'`: whether an earlier attempt under this key took effect. @default nobody knows */
  reconcile?(idempotencyKey: string): Promise<Reconciled>
  /**
   * Does the work. A returned string is what the model reads; anything else is given to it as JSON, and nothing at all as
   * `(no output)`. What it throws, the model reads as an error.
   */
  run(input: SchemaOutput<S>, context: ToolContext): unknown
}

// What both vendors accept (Anthropic: ^[a-zA-Z0-9_-]{1,64}$).
const NAME = /^[a-zA-Z0-9_-]{1,64}$/
const EFFECTS: readonly ToolEffect[] = ['read', 'write', 'destructive']
const REPLAYS: readonly ReplayClass[] = ['rerun', 'idempotent', 'once']
const VISIBILITIES: readonly ToolVisibility[] = ['public', 'private', 'lowlevel']
const CAPABILITY =
  /^(net\.(read|send)|fs\.(read|write|delete)|exec|agent\.delegate|memory\.(read|write)|message\.send|secret\.use|spend|x:.+)$/
const OPTIONS = [
  'name',
  'description',
  'input',
  'effect',
  'replay',
  'capabilities',
  'visibility',
  'approval',
  'timeoutMs',
  'resources',
  'reconcile',
  'run',
]

/**
 * A tool, checked and frozen. Its `run` gets the schema's output type.
 *
 * @throws TypeError or RangeError that names what is wrong in the definition
 * @example
 * const add = defineTool({
 *   name: 'add', description: 'Adds two numbers.', effect: 'read',
 *   input: z.object({ a: z.number(), b: z.number() }),
 *   run: ({ a, b }) => a + b,
 * })
 */
export function defineTool<S extends Schema>(definition: ToolDefinition<S>): Tool {
  checkKeys('tool', definition, OPTIONS)
  const { name, description, input, effect = 'write', visibility = 'public', approval, timeoutMs } = definition
  const { replay = effect === 'read' ? 'rerun' : 'once', capabilities = [] } = definition
  checkText('tool.name', name)
  if (!NAME.test(name)) throw new RangeError(`Expected \`tool.name\` to match ${NAME.source}, got \`'${name}'\``)
  const option = `tool ${name}`
  checkText(`${option}: description`, description)
  checkOneOf(`${option}: effect`, effect, EFFECTS)
  checkOneOf(`${option}: replay`, replay, REPLAYS)
  checkOneOf(`${option}: visibility`, visibility, VISIBILITIES)
  if (approval !== undefined) checkOneOf(`${option}: approval`, approval, ['ask'])
  checkTexts(`${option}: capabilities`, capabilities)
  for (const capability of capabilities)
    if (!CAPABILITY.test(capability))
      throw new RangeError(`Expected \`${option}: capabilities\` to be known or begin with x:, got \`${capability}\``)
  if (timeoutMs !== undefined) checkCount(`${option}: timeoutMs`, timeoutMs, 1)
  checkPort(option, definition, ['run'])
  for (const method of ['resources', 'reconcile'] as const)
    if (definition[method] !== undefined) checkPort(option, definition, [method])
  const inputSchema = jsonSchemaOf(input, `${option}: input`)
  checkInputSchema(`${option}: input`, inputSchema)

  return Object.freeze({
    name,
    effect,
    replay,
    capabilities: Object.freeze([...capabilities]),
    visibility,
    ...(approval !== undefined && { approval }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    spec: Object.freeze({ name, description, inputSchema }),
    parse: (value: unknown) => checkWith(input, value),
    ...(definition.resources && { resources: (value: unknown) => definition.resources!(value as SchemaOutput<S>) }),
    ...(definition.reconcile && { reconcile: (key: string) => definition.reconcile!(key) }),
    run: (value: unknown, context: ToolContext) => definition.run(value as SchemaOutput<S>, context),
  })
}
