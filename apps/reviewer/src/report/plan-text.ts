import type { ReviewPlan } from '../review/review-change.ts'
import { boundedList } from './bounded.ts'
import { count, skippedLine } from './coverage.ts'
import { paint, safeLine } from './terminal-text.ts'
import type { TextStyle } from './text-report.ts'

const MOST_SKIPPED = 10

/** What a review would ask, of whom, and what it would leave out. */
export function planText(plan: ReviewPlan, { hasColor }: Pick<TextStyle, 'hasColor'>): string {
  const { fleet, lenses, bundles, cells, skipped } = plan
  const { bold, dim, yellow } = paint(hasColor)
  const grid = `${count(fleet.members.length, 'model')} x ${count(lenses.length, 'lens', 'lenses')} x ${count(bundles.length, 'bundle')}`
  const sent = bundles.reduce((sum, { tokens }) => sum + tokens, 0) * fleet.members.length * lenses.length
  const whys = skipped.map(({ why }) => safeLine(why))
  return [
    ...(fleet.isDemo ? [yellow('DEMO: no model is configured; the reviewers would be scripted.')] : []),
    bold(cells.length === 0 ? 'Nothing to ask' : `${count(cells.length, 'question')} (${grid})`),
    `Models: ${fleet.members.map(({ spec }) => safeLine(spec)).join(', ')}`,
    `Lenses: ${lenses.map(({ name }) => name).join(', ')}`,
    ...bundles.flatMap(({ id, tokens, parts }) => [
      '',
      bold(`${id}: about ${thousands(tokens)} tokens`),
      ...parts.map(({ file }) => `  ${safeLine(file.path)} ${dim(`+${file.addedLines} -${file.deletedLines}`)}`),
    ]),
    ...(skipped.length === 0 ? [] : ['', `Not reviewed: ${count(skipped.length, 'file')} (${skippedLine(plan)})`]),
    ...boundedList(whys, MOST_SKIPPED).map((line) => dim(`  - ${line}`)),
    '',
    `About ${thousands(sent)} tokens of the change would be sent, beside instructions, answers and second looks.`,
  ].join('\n')
}

/** `12,345`, on every machine. */
function thousands(number: number): string {
  return number.toLocaleString('en-US')
}
