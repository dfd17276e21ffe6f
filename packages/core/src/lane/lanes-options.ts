import type { Model } from '@executus/llm'

import type { Lane } from './lane.ts'

/** The lanes of an executor. */
export interface LanesOptions {
  /**
   * Runs take a slot of it for as long as they last; it is fair between callers, or agents where no caller is named. A
   * run that another began takes none, so that nothing waits for what it holds itself.
   */
  readonly runs?: Lane
  /** Each model call takes a slot: of one lane for all, or of the one that this gives for a model. */
  readonly models?: Lane | ((model: Model) => Lane | undefined)
}
