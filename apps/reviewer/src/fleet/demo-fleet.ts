import type { Message, Model } from '@executus/core'
import { scriptedModel, type ScriptedReply } from '@executus/core/testing'

import type { ReportedFinding } from '../finding/finding.ts'
import { partOf } from './demo-line.ts'
import { DEMO_RULES, type DemoRule } from './demo-rules.ts'
import type { Fleet, FleetMember } from './fleet.ts'

/** What tells one scripted reviewer from another. */
interface Character {
  readonly name: string
  /** Which of a rule's titles it uses. */
  readonly wording: 0 | 1
  /** Every so many of the rules it does not know. */
  readonly misses: number
  readonly delayMs: number
}

const CHARACTERS: readonly Character[] = [
  { name: 'ash', wording: 0, misses: 0, delayMs: 100 },
  { name: 'birch', wording: 1, misses: 3, delayMs: 160 },
  { name: 'cedar', wording: 1, misses: 4, delayMs: 60 },
]

/**
 * Reviewers for a machine without any model: their words are scripted, and what they look for is a handful of patterns, but
 * the diff that they look at is the real one.
 */
export function demoFleet(): Fleet {
  const members = CHARACTERS.map(({ name }): FleetMember => ({
    spec: `demo/${name}`,
    tier: `demo-${name}`,
    name,
    family: name,
    key: `demo-${name}`,
  }))
  const tiers = Object.fromEntries(CHARACTERS.map((character) => [`demo-${character.name}`, demoModel(character)]))
  return { members, options: { tiers }, isDemo: true }
}

function demoModel(character: Character): Model {
  const spec = `demo/${character.name}`
  return {
    spec,
    stream: (request, options) => {
      const lens = /Lens: ([\w-]+)/.exec(request.system ?? '')?.[1]
      const text = textsOf(request.messages)
      const answer = lens === undefined ? secondLook(text) : { findings: findingsIn(text, lens, character) }
      return scriptedModel([replyOf(answer, character.delayMs)], { spec }).stream(request, options)
    },
  }
}

function replyOf(answer: object, delayMs: number): ScriptedReply {
  const input = JSON.parse(JSON.stringify(answer)) as Record<string, string>
  return { calls: [{ name: 'answer', input }], delayMs, usage: { inputTokens: 0, outputTokens: 0 } }
}

function findingsIn(text: string, lens: string, { wording, misses }: Character): readonly ReportedFinding[] {
  const known = DEMO_RULES.filter((_, index) => misses === 0 || (index + 1) % misses !== 0)
  const rules = known.filter(({ lenses }) => lenses.includes(lens))
  const lines = linesOf(text)
  const found = lines.flatMap((line) =>
    rules.filter((rule) => isBroken(rule, line, lines)).map((rule) => ({ rule, ...line })),
  )
  // What moved away mostly did so together: told once for a file, it is told.
  const isFirst = ({ rule, path, mark }: (typeof found)[number], index: number) =>
    mark === '+' || found.findIndex((one) => one.rule === rule && one.path === path) === index
  return found.filter(isFirst).map(({ rule, ...line }) => findingOf(rule, wording, line))
}

const TEST = /(^|[/._-])(tests?|specs?|e2e|__tests__|__mocks__|test-kit|testing|fixtures?|corpus|examples?)([/._-]|$)/i

function isBroken(rule: DemoRule, { path, mark, code }: ShownLine, lines: readonly ShownLine[]): boolean {
  if (mark !== (rule.on === 'added' ? '+' : '-') || !rule.files.test(path)) return false
  if (rule.isFineInTests === true && TEST.test(path)) return false
  const match = rule.pattern.exec(partOf(code, rule.part))
  if (match === null) return false
  // That a file is gone altogether is seen without a reviewer.
  const isThere = rule.on === 'added' || lines.some((one) => one.path === path && one.mark === '+')
  return isThere && !isStillExported(match.groups?.['name'], lines)
}

/** What is declared anew, or elsewhere, is not gone. */
function isStillExported(name: string | undefined, lines: readonly ShownLine[]): boolean {
  if (name === undefined) return false
  const word = new RegExp(`\\bexport\\b.*\\b${name}\\b`)
  return lines.some(({ mark, code }) => mark === '+' && word.test(code))
}

function findingOf(
  { titles, body, severity, category, isWeak }: DemoRule,
  wording: 0 | 1,
  { path, code, number }: { readonly path: string; readonly code: string; readonly number: number | undefined },
): ReportedFinding {
  const confidence = isWeak === true ? 0.4 : 0.8
  const line = number === undefined ? {} : { line: number }
  return { path, quote: code, ...line, title: titles[wording], body, severity, category, confidence }
}

/** Asked to refute, a demo model gives up what was weak from the start. */
function secondLook(text: string) {
  const rule = DEMO_RULES.find(({ titles }) => titles.some((title) => text.includes(title)))
  return rule?.isWeak === true
    ? { isRefuted: true, reason: 'It is a matter of taste, and nothing breaks because of it.' }
    : { isRefuted: false, reason: 'The line does what is claimed.' }
}

interface ShownLine {
  readonly path: string
  readonly mark: string
  readonly number: number | undefined
  readonly code: string
}

/** The lines of a bundle's text. */
function linesOf(text: string): readonly ShownLine[] {
  let path = ''
  return text.split('\n').flatMap((line): ShownLine[] => {
    const file = /^File ("(?:[^"\\]|\\.)*") \(/.exec(line)?.[1]
    if (file !== undefined) path = JSON.parse(file) as string
    const [, mark, number, code] = /^([+-]) *(\d*)\|(.*)$/.exec(line) ?? []
    if (mark === undefined || code === undefined) return []
    return [{ path, mark, number: number === '' ? undefined : Number(number), code: code.trim() }]
  })
}

function textsOf(messages: readonly Message[]): string {
  return messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => content.flatMap((part) => (part.type === 'text' ? [part.text] : [])))
    .join('\n')
}
