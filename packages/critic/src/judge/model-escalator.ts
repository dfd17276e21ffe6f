import type { Executor } from '@executus/core'
import { checkKeys, checkPort, checkText } from '@executus/core/check-option'

import type { Escalator } from '../escalator.ts'
import { JUDGE_INSTRUCTIONS, judgeInput } from './judge-prompt.ts'
import { verdictSchema } from './verdict-schema.ts'

/** What asks a model: an executor. */
export type Judge = Pick<Executor, 'generateWith'>

export interface ModelEscalatorOptions {
  /**
   * The executor to ask with, or a function that gives it: the critic is itself an option of an executor, and may be made
   * before it. The question is no run, so nothing watches it.
   */
  readonly judge: Judge | (() => Judge)
  /** A tier's name, or a chain of specs. @default 'fast' */
  readonly tier?: string
  /** What else the judge should know: what a stall looks like here, when to be patient. */
  readonly instructions?: string
}

/**
 * An escalator that asks a model: it reads what the run was to do and what happened last, and gives a verdict. What the
 * run, its tools and strangers wrote is data to it.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const critic = createCritic({ escalator: modelEscalator({ judge: () => executor, tier: 'smart' }) })
 * const executor = createExecutor({ ...fromEnv(), critic })
 */
export function modelEscalator(options: ModelEscalatorOptions): Escalator {
  checkKeys('options', options, ['judge', 'tier', 'instructions'])
  const { judge, tier, instructions } = options
  if (typeof judge !== 'function') checkPort('options.judge', judge, ['generateWith'])
  if (tier !== undefined) checkText('options.tier', tier)
  if (instructions !== undefined) checkText('options.instructions', instructions)
  const told = instructions === undefined ? JUDGE_INSTRUCTIONS : `${JUDGE_INSTRUCTIONS}\n\n${instructions}`
  return {
    async decide(wake, { signal }) {
      const asked = typeof judge === 'function' ? judge() : judge
      const { caller } = wake.info
      const { value } = await asked.generateWith(verdictSchema, judgeInput(wake), {
        instructions: told,
        signal,
        ...(tier !== undefined && { tier }),
        ...(caller !== undefined && { caller }),
      })
      return value
    },
  }
}
