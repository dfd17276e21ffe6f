import type { Checked, JsonObject } from '@executus/core'
import { checkKeys, checkOneOf, checkText, checkTexts, expected } from '@executus/core/check-option'

/** What a skill is told by who calls it. */
export type SkillInput = TextInput | NumberInput | BooleanInput | ChoiceInput

interface Named {
  /** A letter, then letters, digits and `_`, at most 64. */
  readonly name: string
  readonly description?: string
  /** @default true where there is no `default` */
  readonly isRequired?: boolean
}

export interface TextInput extends Named {
  readonly type: 'string'
  readonly default?: string
  readonly minLength?: number
  readonly maxLength?: number
}

export interface NumberInput extends Named {
  readonly type: 'number' | 'integer'
  readonly default?: number
  readonly minimum?: number
  readonly maximum?: number
}

export interface BooleanInput extends Named {
  readonly type: 'boolean'
  readonly default?: boolean
}

export interface ChoiceInput extends Named {
  readonly type: 'enum'
  readonly choices: readonly string[]
  readonly default?: string
}

/** By name; a default where nothing was given, and nothing where there is none. */
export type InputValues = ReadonlyMap<string, string | number | boolean>

const COMMON = ['name', 'type', 'description', 'isRequired', 'default']
const OWN: Readonly<Record<SkillInput['type'], readonly string[]>> = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  boolean: [],
  enum: ['choices'],
}

// Names are keys of objects and of JSON Schema: none of them may be `__proto__`.
const NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/

/** @throws TypeError or RangeError that names what is wrong in a declaration */
export function checkInputs(inputs: readonly SkillInput[]): void {
  if (!Array.isArray(inputs)) throw expected('skill.inputs', 'a list of inputs', inputs)
  const names = new Set<string>()
  for (const [index, input] of (inputs as readonly SkillInput[]).entries()) {
    const option = `skill.inputs[${index}]`
    checkOneOf(`${option}.type`, input?.type, Object.keys(OWN))
    checkKeys(option, input, [...COMMON, ...OWN[input.type]])
    checkText(`${option}.name`, input.name)
    if (!NAME.test(input.name))
      throw new RangeError(`Expected \`${option}.name\` to match ${NAME.source}, got \`${input.name}\``)
    if (names.has(input.name))
      throw new RangeError(`Expected \`${option}.name\` to be new, got \`${input.name}\` again`)
    names.add(input.name)
    if (input.description !== undefined) checkText(`${option}.description`, input.description)
    if (input.isRequired !== undefined && typeof input.isRequired !== 'boolean')
      throw expected(`${option}.isRequired`, 'a boolean', input.isRequired)
    checkRange(option, input)
    if (input.default === undefined) continue
    const problem = problemOf(input, input.default)
    if (problem !== undefined) throw new RangeError(`Expected \`${option}.default\` to be what it takes: ${problem}`)
  }
}

function checkRange(option: string, input: SkillInput): void {
  if (input.type === 'enum') {
    checkTexts(`${option}.choices`, input.choices)
    if (input.choices.length === 0 || new Set(input.choices).size < input.choices.length)
      throw new RangeError(`Expected \`${option}.choices\` to hold at least one, and each once`)
  } else if (input.type === 'string') {
    checkBounds(option, { minLength: input.minLength, maxLength: input.maxLength }, isLength)
  } else if (input.type !== 'boolean') {
    checkBounds(option, { minimum: input.minimum, maximum: input.maximum }, Number.isFinite)
  }
}

const isLength = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

function checkBounds(
  option: string,
  bounds: Readonly<Record<string, unknown>>,
  isBound: (value: unknown) => boolean,
): void {
  for (const [name, value] of Object.entries(bounds))
    if (value !== undefined && !isBound(value))
      throw expected(`${option}.${name}`, 'a number that can be a bound', value)
  const [least, most] = Object.values(bounds)
  if (least !== undefined && most !== undefined && (least as number) > (most as number))
    throw new RangeError(`Expected the bounds of \`${option}\` to leave something between them`)
}

/** What the inputs take, as JSON Schema. */
export function inputSchemaOf(inputs: readonly SkillInput[]): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(inputs.map((input) => [input.name, schemaOf(input)])),
    required: inputs.filter(isRequired).map(({ name }) => name),
    additionalProperties: false,
  }
}

function schemaOf(input: SkillInput): JsonObject {
  const { name: _, isRequired: __, type, ...rest } = input
  if (input.type !== 'enum') return { type, ...rest }
  const { choices, ...others } = rest as Omit<ChoiceInput, 'name' | 'isRequired' | 'type'>
  return { type: 'string', enum: [...choices], ...others }
}

function isRequired(input: SkillInput): boolean {
  return input.isRequired ?? input.default === undefined
}

/** What was given for the inputs, checked; the problem is worded for a model. */
export function readInputs(inputs: readonly SkillInput[], given: unknown): Checked<InputValues> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { ok: false, problem: 'expected an object with the inputs' }
  const values = new Map<string, string | number | boolean>()
  const problems: string[] = []
  const known = inputs.map(({ name }) => name)
  for (const name of Object.keys(given))
    if (!known.includes(name)) problems.push(`${name}: there is no such input; there are ${known.join(', ') || 'none'}`)
  for (const input of inputs) {
    const { name } = input
    const value: unknown = Object.hasOwn(given, name) ? (given as Readonly<Record<string, unknown>>)[name] : undefined
    const problem = value === undefined ? undefined : problemOf(input, value)
    if (problem !== undefined) problems.push(`${name}: ${problem}`)
    else if (value !== undefined) values.set(name, value as string | number | boolean)
    else if (input.default !== undefined) values.set(name, input.default)
    else if (isRequired(input)) problems.push(`${name}: is missing; expected ${expectationOf(input)}`)
  }
  return problems.length > 0 ? { ok: false, problem: problems.join('; ') } : { ok: true, value: values }
}

function problemOf(input: SkillInput, value: unknown): string | undefined {
  return fits(input, value) ? undefined : `expected ${expectationOf(input)}`
}

function fits(input: SkillInput, value: unknown): boolean {
  switch (input.type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'enum':
      return typeof value === 'string' && input.choices.includes(value)
    case 'string': {
      const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = input
      // As JSON Schema counts: characters, and not halves of pairs.
      return typeof value === 'string' && between(minLength, Array.from(value).length, maxLength)
    }
    default: {
      const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = input
      const isNumber = input.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)
      return isNumber && between(minimum, value as number, maximum)
    }
  }
}

function between(least: number, value: number, most: number): boolean {
  return least <= value && value <= most
}

function expectationOf(input: SkillInput): string {
  switch (input.type) {
    case 'boolean':
      return 'true or false'
    case 'enum':
      return `one of ${input.choices.join(', ')}`
    case 'string':
      return `a text${range(input.minLength, input.maxLength, ' characters')}`
    default:
      return `${input.type === 'integer' ? 'a whole number' : 'a number'}${range(input.minimum, input.maximum, '')}`
  }
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least !== undefined && most !== undefined) return ` of ${least} to ${most}${unit}`
  if (least !== undefined) return ` of at least ${least}${unit}`
  return most === undefined ? '' : ` of at most ${most}${unit}`
}
