import { checkCount, checkKeys } from '@executus/core/check-option'

/** How often is too often. `Infinity` never is. */
export interface PatternOptions {
  /** Steps in a row with the same call and the same result. @default 4 */
  readonly repeatedAction?: number
  /** Steps in a row in which the same call failed. @default 3 */
  readonly repeatedError?: number
  /** Steps that go back and forth between two. @default 6 */
  readonly pingPong?: number
  /** Steps in a row without a call, in one phase and with nobody having said anything. @default 3 */
  readonly monologue?: number
}

/** What a run did over and over. */
export type PatternCause =
  | { readonly type: 'repeated-action'; readonly tool: string; readonly times: number }
  | { readonly type: 'repeated-error'; readonly tool: string; readonly times: number }
  | { readonly type: 'ping-pong'; readonly tools: readonly string[]; readonly times: number }
  | { readonly type: 'monologue'; readonly times: number }

/** Those of OpenHands, where they have been in use for long: fewer are often a second look, more are never progress. */
const DEFAULTS: Required<PatternOptions> = { repeatedAction: 4, repeatedError: 3, pingPong: 6, monologue: 3 }

/** The fewest of which one can say that something repeats itself. */
const FEWEST: Required<PatternOptions> = { repeatedAction: 2, repeatedError: 2, pingPong: 4, monologue: 2 }

/** @throws TypeError or RangeError that names the option */
export function checkPatterns(options: PatternOptions | boolean): Required<PatternOptions> | undefined {
  if (options === false) return undefined
  if (options === true) return DEFAULTS
  checkKeys('options.patterns', options, Object.keys(DEFAULTS))
  const checked = { ...DEFAULTS }
  for (const name of Object.keys(DEFAULTS) as readonly (keyof PatternOptions)[]) {
    checked[name] = options[name] ?? DEFAULTS[name]
    checkCount(`options.patterns.${name}`, checked[name], FEWEST[name])
  }
  return checked
}
