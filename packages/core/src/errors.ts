const marker = Symbol.for('executus.RunError')

/**
 * Why a run ended without an answer, where no model is to blame.
 *
 * - `step-limit`: it took all its steps. `deadline`: it took all its time. `budget`: nothing is left to spend.
 * - `tool-errors`: step after step, every tool call failed. `repeated-call`: it kept making one call.
 * - `cancelled`: the caller ended it. `killed`: the critic did. `shutdown`: the executor did.
 * - `storage`: its journal could not be written. `fenced`: another process has taken it over.
 * - `length`: the last reply was cut off at its output limit. `window-exceeded`: the model's window was full.
 * - `refused`: the model declined to answer. `invalid-output`: no answer had the shape that was asked for.
 * - `empty-response`: the model said nothing, twice.
 * - `duplicate`: the same request is being run already. `lane-full`: too many runs wait. `not-durable`: its journal could
 *   not be opened, and the host will have no run without. `not-resumable`: there is no record that could be continued.
 *   `port`: something that the run needs at its start failed; `cause` tells.
 * - `approval`: it waits for a human's word.
 * - `fault`: a bug, here or in what the host plugged in; `cause` tells.
 */
export type RunErrorCode =
  | 'step-limit'
  | 'deadline'
  | 'budget'
  | 'tool-errors'
  | 'repeated-call'
  | 'cancelled'
  | 'killed'
  | 'shutdown'
  | 'storage'
  | 'fenced'
  | 'length'
  | 'window-exceeded'
  | 'refused'
  | 'invalid-output'
  | 'empty-response'
  | 'duplicate'
  | 'lane-full'
  | 'not-durable'
  | 'not-resumable'
  | 'port'
  | 'approval'
  | 'fault'

/** A run ended without an answer; `code` says why. */
export class RunError extends Error {
  override readonly name = 'RunError'
  readonly code: RunErrorCode

  constructor(code: RunErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `error` is a RunError, also of another copy of this package. */
  static is(error: unknown): error is RunError {
    return isMarked(error, marker)
  }
}

const journalMarker = Symbol.for('executus.JournalError')

/** `storage`: a write failed or did not settle. `fenced`: another process owns the run now. */
export type JournalErrorCode = 'storage' | 'fenced'

/** What a `Checkpointer` rejects with. The run ends `interrupted` and can be resumed: it has not failed. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly code: JournalErrorCode

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, journalMarker, { value: true })
  }

  /** Whether `error` is a JournalError, also of another copy of this package. */
  static is(error: unknown): error is JournalError {
    return isMarked(error, journalMarker)
  }
}

function isMarked(error: unknown, by: symbol): boolean {
  try {
    return typeof error === 'object' && error !== null && by in error
  } catch {
    return false // a revoked proxy throws when it is asked anything
  }
}
