import { checkCount, checkKeys, checkText, expected } from '../check-option.ts'

/** When and how a conversation is made smaller. */
export interface CompactionOptions {
  /** The part of the model's window that may be full, from 0 to 1. @default 0.7 */
  readonly threshold?: number
  /** The part of the window that the newest messages keep, word for word. @default 0.25 */
  readonly keep?: number
  /** Characters that are left of a tool result that is not among the newest messages. @default 2_000 */
  readonly maxToolResultChars?: number
  /** Who summarises: a tier's name, or a chain of specs. @default the model that is being asked */
  readonly tier?: string
}

export type Compaction = Required<Omit<CompactionOptions, 'tier'>> & Pick<CompactionOptions, 'tier'>

const DEFAULTS = {
  threshold: 0.7, // leaves room for an answer, and for an estimate that is a tenth too low
  keep: 0.25,
  maxToolResultChars: 2_000, // enough to see what it was about and to ask again
}

/** @throws TypeError or RangeError that names the option */
export function checkCompaction(options: CompactionOptions | false | undefined): Compaction | undefined {
  if (options === false) return undefined
  if (options === undefined) return DEFAULTS
  checkKeys('compaction', options, ['threshold', 'keep', 'maxToolResultChars', 'tier'])
  for (const name of ['threshold', 'keep'] as const) {
    const value: unknown = options[name]
    if (value === undefined) continue
    if (typeof value !== 'number') throw expected(`compaction.${name}`, 'a number above 0 and below 1', value)
    if (!(value > 0 && value < 1))
      throw new RangeError(`Expected \`compaction.${name}\` to be a number above 0 and below 1, got \`${value}\``)
  }
  if (options.maxToolResultChars !== undefined)
    checkCount('compaction.maxToolResultChars', options.maxToolResultChars, 1)
  if (options.tier !== undefined) checkText('compaction.tier', options.tier)
  const compaction = { ...DEFAULTS, ...options }
  if (compaction.keep >= compaction.threshold)
    throw new RangeError(
      `Expected \`compaction.keep\` to be below \`compaction.threshold\` (${compaction.threshold}), got \`${compaction.keep}\``,
    )
  return compaction
}
