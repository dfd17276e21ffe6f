import { basename } from 'node:path'

import type { JsonObject } from '@executus/core'

import { SKILL_NAME } from '../check-skill.ts'
import { type SkillDiagnostic, type SkillDiagnosticCode, SkillLeftOut } from './diagnostic.ts'
import { splitFrontMatter } from './front-matter.ts'
import { parseYaml } from './parse-yaml.ts'

/** What a `SKILL.md` says. */
export interface SkillText {
  readonly name: string
  readonly description: string
  /** All of its front matter; scalars are texts. */
  readonly fields: JsonObject
  readonly body: string
  readonly warnings: readonly SkillDiagnostic[]
}

/** What the standard allows (https://agentskills.io/specification, 2026-08). */
const LONGEST = { description: 1_024, compatibility: 500 } as const

/** A name that is longer, or has more than letters in it, cannot be shown to a model. */
const USABLE_NAME = /^[^\p{C}]{1,128}$/u

/**
 * Reads a `SKILL.md` as leniently as the standard asks clients to.
 *
 * @throws SkillLeftOut when it can be no skill
 */
export function readSkillText(bytes: Uint8Array, path: string, folder: string): SkillText {
  const warnings: SkillDiagnostic[] = []
  const warn = (code: SkillDiagnosticCode, message: string) => warnings.push({ level: 'warning', code, path, message })
  const { yaml, body } = splitFrontMatter(textOf(bytes))
  if (yaml === undefined)
    throw new SkillLeftOut('no-front-matter', 'It does not begin with front matter between two `---`')
  const parsed = parseYaml(yaml)
  if (!parsed.ok) throw new SkillLeftOut('bad-yaml', `Its front matter is no YAML: ${parsed.problem}`)
  if (parsed.isMended) warn('unquoted-colon', 'A value with a colon in it was read as if it were in quotes')
  const { fields } = parsed
  const description = textField(fields, 'description')
  if (description === undefined) throw new SkillLeftOut('no-description', 'It has no description')
  const own = textField(fields, 'name')
  if (own === undefined) warn('no-name', 'It has no name, and is called as its folder')
  const name = own ?? basename(folder)
  if (!USABLE_NAME.test(name)) throw new SkillLeftOut('bad-name', 'Its name is too long, or not one line of text')
  if (!SKILL_NAME.test(name))
    warn('bad-name', `Its name is not 1 to 64 small letters, digits and single hyphens between them: ${name}`)
  if (own !== undefined && own !== basename(folder))
    warn('name-mismatch', `It is called ${own}, and its folder ${basename(folder)}`)
  for (const [field, most] of Object.entries(LONGEST)) {
    const { length } = textField(fields, field) ?? ''
    if (length > most) warn('bad-field', `Its ${field} has ${length} characters, more than ${most}`)
  }
  for (const problem of fieldProblems(fields)) warn('bad-field', problem)
  return { name, description, fields, body, warnings }
}

function* fieldProblems(fields: JsonObject): Iterable<string> {
  for (const name of ['license', 'compatibility'])
    if (Object.hasOwn(fields, name) && textField(fields, name) === undefined) yield `Its ${name} is no text`
  const { metadata, 'allowed-tools': tools } = fields
  if (metadata !== undefined && !isTextMap(metadata)) yield 'Its metadata is no map of texts'
  const isTools = typeof tools === 'string' || (Array.isArray(tools) && tools.every((tool) => typeof tool === 'string'))
  if (tools !== undefined && !isTools) yield 'Its allowed-tools is neither a text nor a list of texts'
}

function isTextMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((one) => typeof one === 'string')
}

/** A field that is a text with something in it, trimmed. */
function textField(fields: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** @throws SkillLeftOut when the bytes are no UTF-8, or hold a NUL */
function textOf(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (error) {
    throw new SkillLeftOut('not-text', 'It is no UTF-8', { cause: error })
  }
  throw new SkillLeftOut('not-text', 'It holds a NUL, and is no text')
}
