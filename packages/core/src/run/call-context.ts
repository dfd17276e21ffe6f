import type { ToolCallPart } from '@executus/llm'

import type { CallAttempt } from '../journal/checkpointer.ts'
import type { RunProgress, ToolContext } from '../tool/tool.ts'
import { progressOf } from './progress.ts'
import { type Run, stepOf } from './run.ts'

/** The signal is made when the tool asks for it: an AbortController for each of many calls is what they would cost most. */
export class CallContext implements ToolContext {
  readonly runId: string
  readonly callId: string
  readonly step: number
  readonly idempotencyKey: string
  readonly attempt: number
  declare readonly caller?: string
  readonly #run: Run
  #controller: AbortController | undefined
  #reason: Error | undefined

  constructor(run: Run, call: ToolCallPart, { idempotencyKey, attempt }: CallAttempt) {
    this.#run = run
    this.runId = run.id
    this.callId = call.id
    this.step = stepOf(run)
    this.idempotencyKey = idempotencyKey
    this.attempt = attempt
    if (run.info.caller !== undefined) this.caller = run.info.caller
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  get isAborted(): boolean {
    return this.#reason !== undefined
  }

  progress(): RunProgress {
    return progressOf(this.#run)
  }

  abort(reason: Error): void {
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
