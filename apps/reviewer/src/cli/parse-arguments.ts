import { parseArgs } from 'node:util'

import { SEVERITIES, type Severity } from '../finding/finding.ts'
import { type Format, FORMATS, OPTIONS } from './options.ts'
import { USAGE } from './usage.ts'

/** What to review: what happened since a revision, a diff, or a pull request. */
export type Subject =
  | { readonly type: 'base'; readonly base: string; readonly head?: string }
  | { readonly type: 'diff'; readonly file: string }
  | { readonly type: 'pull-request'; readonly url: string }

/** A command line as it was meant. */
export interface Arguments {
  readonly subject: Subject
  readonly lenses?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly isPlan: boolean
  readonly concurrency?: number
  readonly maxCostUsd?: number
  readonly timeoutMs?: number
  readonly format: Format
  /** Where the report goes; to standard output without. */
  readonly output?: string
  readonly hasEvents: boolean
  readonly failOn?: Severity
  readonly minSeverity: Severity
  /** Families that must agree on what is shown. */
  readonly minAgreement: number
  readonly isPosted: boolean
  readonly maxComments: number
}

/** The command line was wrong, or asked for help: what to print, and where. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly isHelp: boolean

  constructor(message: string, isHelp = false) {
    super(isHelp ? message : `${message}\n\n${USAGE.split('\n\n')[0]}\n(--help says more)`)
    this.isHelp = isHelp
  }
}

/** @throws UsageError */
export function parseArguments(argv: readonly string[], version: string): Arguments {
  const values = read(argv)
  if (values.help) throw new UsageError(USAGE, true)
  if (values.version) throw new UsageError(version, true)
  const subject = subjectOf(values)
  if (values.post && subject.type !== 'pull-request')
    throw new UsageError('--post needs --pr: there is nowhere else to post to')
  const { concurrency, output, events } = values
  if (events !== undefined) oneOf('--events', events, ['jsonl'])
  const failOn = values['fail-on']
  const maxCost = values['max-cost']
  return {
    subject,
    ...list('lenses', '--lens', values.lens),
    ...list('include', '--include', values.include),
    ...list('exclude', '--exclude', values.exclude),
    isPlan: values.plan,
    ...(concurrency !== undefined && { concurrency: whole('--concurrency', concurrency, 1) }),
    ...(maxCost !== undefined && { maxCostUsd: dollars('--max-cost', maxCost) }),
    ...(values.timeout !== undefined && { timeoutMs: 1_000 * whole('--timeout', values.timeout, 1) }),
    format: oneOf('--format', values.format, FORMATS),
    ...(output !== undefined && { output: named('--output', output) }),
    hasEvents: events !== undefined,
    ...(failOn !== undefined && { failOn: oneOf('--fail-on', failOn, SEVERITIES) }),
    minSeverity: oneOf('--min-severity', values['min-severity'], SEVERITIES),
    minAgreement: whole('--min-agreement', values['min-agreement'], 1),
    isPosted: values.post,
    maxComments: whole('--max-comments', values['max-comments'], 0),
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }).values
  } catch (error) {
    // What else node:util says is about arguments that are not options, and of those we take none.
    throw new UsageError((error as Error).message.split(/\. (?:To specify|This command)|\.?\n/)[0]!)
  }
}

function subjectOf({ base, head, diff, pr }: ReturnType<typeof read>): Subject {
  const given = [base, diff, pr].filter((one) => one !== undefined)
  if (given.length !== 1) throw new UsageError('Expected one of --base REVISION, --diff FILE and --pr URL')
  if (head !== undefined && base === undefined) throw new UsageError('--head goes with --base')
  if (base !== undefined)
    return { type: 'base', base: named('--base', base), ...(head !== undefined && { head: named('--head', head) }) }
  return diff === undefined ? { type: 'pull-request', url: urlOf(pr!) } : { type: 'diff', file: named('--diff', diff) }
}

function urlOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`Expected --pr to be the address of a pull request, got ${JSON.stringify(text)}`)
  return text
}

/** Values may stand in several options, or in one, between commas. */
function list(name: 'lenses' | 'include' | 'exclude', option: string, given: readonly string[] | undefined) {
  if (given === undefined) return {}
  const values = given.flatMap((one) => one.split(',')).map((one) => one.trim())
  const names = values.filter((one) => one !== '')
  // Nothing named would be everything, or nothing: what a script's empty variable was not to say.
  if (names.length === 0)
    throw new UsageError(`Expected ${option} to name something, got ${JSON.stringify(given.join())}`)
  return { [name]: names }
}

function named(option: string, text: string): string {
  if (text.trim() !== '') return text
  throw new UsageError(`Expected ${option} to name something, got ${JSON.stringify(text)}`)
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(`Expected ${option} to be a whole number of ${least} or more, got ${JSON.stringify(text)}`)
}

function dollars(option: string, text: string): number {
  const value = Number(text.replace(/^\$/, ''))
  if (/^\$?\d+(\.\d+)?$/.test(text)) return value
  throw new UsageError(`Expected ${option} to be an amount of US dollars such as 0.50, got ${JSON.stringify(text)}`)
}

function oneOf<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  if ((choices as readonly string[]).includes(text)) return text as Choice
  throw new UsageError(`Expected ${option} to be one of ${choices.join(', ')}, got ${JSON.stringify(text)}`)
}
