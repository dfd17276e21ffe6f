import type { Severity } from '../finding/finding.ts'
import type { LinePart } from './demo-line.ts'

/** A fault that a line of code shows by its words alone: enough to see the machine at work, and no more than that. */
export interface DemoRule {
  readonly lenses: readonly string[]
  readonly pattern: RegExp
  readonly part: LinePart
  /** Paths that it is looked for in. */
  readonly files: RegExp
  /** Whether tests may do this, as they try what is wrong. */
  readonly isFineInTests?: true
  /** Lines that it is looked for in. */
  readonly on: 'added' | 'deleted'
  readonly category: string
  readonly severity: Severity
  /** What is wrong, in the words of each member of the fleet. */
  readonly titles: readonly [string, string]
  readonly body: string
  /** Whether a second look finds it to be nothing. */
  readonly isWeak?: true
}

const SCRIPT = /\.([cm]?[jt]sx?|vue|svelte|astro)$/i
const TYPED = /\.([cm]?tsx?|vue|svelte|astro)$/i
const CODE =
  /\.([cm]?[jt]sx?|vue|svelte|astro|html?|py|rb|php|pl|lua|go|rs|java|kt|scala|swift|cs|c|cc|cpp|h|hpp|sh|sql)$/i
const NO_PROSE = /^(?!.*\.(md|mdx|markdown|txt|rst|adoc|svg|snap)$)/i
/** Programs whose output is what people read. */
const NO_PROGRAM =
  /^(?!(.*\/)?(cli|bin|scripts?|examples?|tools?|\.[\w-]+)\/)(?!(.*\/)?main\.\w+$).*\.([cm]?[jt]sx?|vue|svelte|astro)$/i

export const DEMO_RULES: readonly DemoRule[] = [
  {
    lenses: ['security'],
    pattern: /\beval\(|new Function\(|innerHTML\s*=(?!=)/,
    part: 'code',
    files: CODE,
    isFineInTests: true,
    on: 'added',
    category: 'code-injection',
    severity: 'critical',
    titles: ['Text becomes code here', 'Untrusted text may be run as code or markup'],
    body: 'What reaches this line is run, or becomes markup. Use a parser, or set text and not markup.',
  },
  {
    lenses: ['security'],
    pattern: /(?:password|secret|api_?key|token)['"]?\s*[:=]\s*(['"])(?=[^'"]*\d)(?=[^'"]*[a-z])[\w+/=.-]{8,}\1/i,
    part: 'line',
    files: NO_PROSE,
    isFineInTests: true,
    on: 'added',
    category: 'hard-coded-secret',
    severity: 'high',
    titles: ['A secret is written into the code', 'Hard-coded credential'],
    body: 'Whoever reads the code has it, and it cannot be changed without a release. Read it from the environment.',
  },
  {
    lenses: ['correctness'],
    pattern: /catch\s*(\([^)]*\))?\s*\{\s*\}/,
    part: 'code',
    files: SCRIPT,
    on: 'added',
    category: 'swallowed-error',
    severity: 'high',
    titles: ['The error is swallowed', 'An empty catch hides every failure'],
    body: 'Nobody will ever know that this failed. Handle the error, or say why it may be ignored.',
  },
  {
    lenses: ['correctness', 'simplicity'],
    pattern: /\b(TODO|FIXME|XXX)\b/,
    part: 'comment',
    files: CODE,
    on: 'added',
    category: 'unfinished-code',
    severity: 'low',
    titles: ['A note says that this is not done', 'Unfinished work is merged with a note'],
    body: 'Do it now, or file it where work is planned: notes in code are read by nobody.',
    isWeak: true,
  },
  {
    lenses: ['correctness'],
    pattern: /[^=!<>]==(?!=|\s*null\b)|!=(?!=|\s*null\b)/,
    part: 'code',
    files: SCRIPT,
    on: 'added',
    category: 'loose-comparison',
    severity: 'medium',
    titles: ['Loose comparison converts its operands', 'Values of different types may be taken for equal'],
    body: 'Compare with `===` and `!==`, unless the conversion is what is meant.',
    isWeak: true,
  },
  {
    lenses: ['concurrency', 'correctness'],
    pattern: /\.forEach\(\s*async\b/,
    part: 'code',
    files: SCRIPT,
    on: 'added',
    category: 'floating-promise',
    severity: 'high',
    titles: ['Nothing waits for these promises', 'forEach does not await an async callback'],
    body: 'The loop is over before its work is, and what it throws ends the process. Use `for ... of` or `Promise.all`.',
  },
  {
    lenses: ['concurrency'],
    pattern: /^(?!.*\b(?:while|for)\b).*\bawait\b.*\bsleep\(\s*[\d_]{3,}|\bsetTimeout\([^,]*,\s*[\d_]{3,}\)/,
    part: 'code',
    files: SCRIPT,
    on: 'added',
    category: 'timing-dependence',
    severity: 'medium',
    titles: ['Waiting for a time and not for what is awaited', 'A fixed delay stands for synchronisation'],
    body: 'On a slow machine it is too short, on a fast one too long. Wait for the event itself.',
  },
  {
    lenses: ['api'],
    pattern: /^\s*export (?:const|function|class|interface|type|async function) (?<name>\w+)/,
    part: 'code',
    files: SCRIPT,
    isFineInTests: true,
    on: 'deleted',
    category: 'removed-export',
    severity: 'medium',
    titles: ['Something that was exported is gone', 'A public name was removed or changed'],
    body: 'Who imports it cannot be built any more. Keep it, or say in the release notes what replaces it.',
  },
  {
    lenses: ['tests'],
    pattern: /\b(it|test|describe)\.(only|skip)\(/,
    part: 'code',
    files: SCRIPT,
    on: 'added',
    category: 'disabled-test',
    severity: 'high',
    titles: ['Tests are left out', 'A focused or skipped test hides others'],
    body: 'What is left out here is not tested by anybody. Remove the `only` or the `skip`.',
  },
  {
    lenses: ['simplicity'],
    pattern: /console\.(log|debug)\(/,
    part: 'code',
    files: NO_PROGRAM,
    isFineInTests: true,
    on: 'added',
    category: 'debug-output',
    severity: 'low',
    titles: ['Output for debugging is left', 'A console.log was left in'],
    body: 'Remove it, or use the logger.',
  },
  {
    lenses: ['simplicity', 'api'],
    pattern: /:\s*any\b|\bas any\b/,
    part: 'code',
    files: TYPED,
    isFineInTests: true,
    on: 'added',
    category: 'untyped-value',
    severity: 'low',
    titles: ['`any` switches the checks off', 'The type is given up with any'],
    body: 'Name the type, or take `unknown` and look at it.',
  },
]
