import { ensureError, ModelError, type ModelReply } from '@executus/llm'

import { JournalError, RunError, type RunErrorCode } from '../errors.ts'
import type { Outcome } from '../journal/checkpointer.ts'
import type { Ending } from '../result.ts'
import { cutOff } from './run-stop.ts'
import type { RunHead } from './run.ts'

/** What a reply without calls means for the run. */
export function endingOfReply({ stopReason }: ModelReply): Ending {
  switch (stopReason) {
    case 'length':
      return noAnswer('length', 'The answer was cut off at the model\u2019s output limit')
    case 'window-exceeded':
      return noAnswer('window-exceeded', 'The conversation has filled the model\u2019s window')
    case 'refused':
      return noAnswer('refused', 'The model declined to answer')
    default:
      return { status: 'ok', stopReason: 'answered' }
  }
}

/** What something thrown inside a run means for it. */
export function endingOfFault(run: RunHead, thrown: unknown): Ending {
  if (run.stop.cause !== undefined) return run.stop.cause
  if (JournalError.is(thrown)) return cutOff(thrown.code, thrown)
  if (ModelError.is(thrown)) return { status: 'error', stopReason: 'model-error', error: thrown }
  if (RunError.is(thrown) && thrown.code === 'port') return { status: 'error', stopReason: 'port', error: thrown }
  const error = ensureError(thrown)
  return noAnswer('fault', `The run broke: ${error.message}`, error)
}

/** How a run ended by what its record says, which another version may have written. */
export function endingOfOutcome({ status, stopReason, error = `It ended as ${status}` }: Outcome): Ending {
  if (status === 'ok') return { status: 'ok', stopReason: 'answered' }
  const told =
    stopReason === 'model-error'
      ? new ModelError(error, { code: 'bad-request' }) // which code it was is not kept
      : new RunError(stopReason as RunErrorCode, error)
  return { status, stopReason, error: told } as Ending
}

/** What a run that may not begin ends with. */
export function rejected(
  stopReason: Extract<Ending, { readonly status: 'rejected' }>['stopReason'],
  message: string,
  { cause, resetsAtMs }: { readonly cause?: unknown; readonly resetsAtMs?: number } = {},
): Ending {
  const error = new RunError(stopReason, message, cause === undefined ? undefined : { cause })
  return { status: 'rejected', stopReason, error, ...(resetsAtMs !== undefined && { resetsAtMs }) }
}

type NoAnswer = Extract<
  RunErrorCode,
  'step-limit' | 'budget' | 'length' | 'window-exceeded' | 'refused' | 'invalid-output' | 'empty-response' | 'fault'
>

export function noAnswer(stopReason: NoAnswer, message: string, cause?: Error): Ending {
  return { status: 'error', stopReason, error: new RunError(stopReason, message, cause && { cause }) }
}
