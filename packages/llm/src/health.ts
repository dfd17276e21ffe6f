import { type Clock, monotonicMs } from './clock.ts'
import type { ModelError } from './errors.ts'
import type { Model } from './model.ts'

/**
 * Which models rest after a failure. One for all runs of a host: what one run learned the hard way, the others know.
 * After its rest a model is tried by one call alone; if that works it is back, if not it rests longer. A key that is refused
 * or out of money rests with all models that it opens.
 */
export interface ModelHealth {
  /** Milliseconds until the model may be asked; 0 when it may be now. */
  restMs(model: Model): number
  /** What the model rests for. */
  failureOf(model: Model): ModelError | undefined
  /** Whether the model may be asked now. A yes after a rest makes the asker its probe: one of the next three must follow. */
  mayAsk(model: Model): boolean
  succeeded(model: Model): void
  failed(model: Model, error: ModelError): void
  /** The call ended without showing anything about the model, as an abort does. */
  released(model: Model): void
}

// A passing trouble: 5 s, doubling with each further one, and never more than 5 minutes.
const FIRST_REST_MS = 5_000
const LONGEST_REST_MS = 5 * 60_000
// A key or an account is put right by people; until then, one failing call in a while is enough.
const CREDENTIAL_REST_MS = 15 * 60_000

/** Health that is kept in memory. Share one between executors that use the same keys. */
export function createHealth(clock: Clock): ModelHealth {
  const resting = new Map<Key, Rest>()

  const restsOf = (model: Model) =>
    [...new Set([resting.get(modelKey(model)), resting.get(credentialKey(model))])].filter((rest) => rest !== undefined)
  // While a probe is out nobody knows; it will be known soon.
  const waitMs = (rest: Rest) => (rest.isProbed ? FIRST_REST_MS : Math.max(0, rest.untilMs - monotonicMs(clock)))

  return {
    restMs: (model) => Math.max(0, ...restsOf(model).map(waitMs)),
    failureOf: (model) => restsOf(model)[0]?.error,
    mayAsk(model) {
      const rests = restsOf(model)
      if (rests.some((rest) => waitMs(rest) > 0)) return false
      for (const rest of rests) rest.isProbed = true
      return true
    },
    succeeded(model) {
      resting.delete(modelKey(model))
      resting.delete(credentialKey(model))
    },
    failed(model, error) {
      for (const rest of restsOf(model)) rest.isProbed = false
      const isCredential = error.code === 'auth' || error.code === 'quota'
      const key = isCredential ? credentialKey(model) : modelKey(model)
      const failures = (resting.get(key)?.failures ?? 0) + 1
      const restMs = restAfter(error, failures)
      if (restMs === undefined) resting.delete(key)
      else resting.set(key, { error, failures, untilMs: monotonicMs(clock) + restMs, isProbed: false })
    },
    released(model) {
      for (const rest of restsOf(model)) rest.isProbed = false
    },
  }
}

interface Rest {
  readonly error: ModelError
  readonly failures: number
  readonly untilMs: number
  isProbed: boolean
}

/** A provider's model is known by its name wherever it is made; a host's own is known by itself. */
type Key = string | Model

function modelKey(model: Model): Key {
  return model.credential === undefined ? model : `model ${model.spec}`
}

function credentialKey(model: Model): Key {
  return model.credential === undefined ? model : `credential ${model.credential}`
}

/** How long to leave a model alone; `undefined` when the failure shows that it is there and well. */
function restAfter({ code, retryAfterMs = 0 }: ModelError, failures: number): number | undefined {
  switch (code) {
    case 'auth':
    case 'quota':
      return Math.max(CREDENTIAL_REST_MS, retryAfterMs)
    case 'not-found':
      return LONGEST_REST_MS // on a server of one's own it may be installed meanwhile
    case 'rate-limited':
    case 'overloaded':
    case 'network':
    case 'timeout':
    case 'stalled':
    case 'truncated':
      return Math.max(Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1)), retryAfterMs)
    default:
      return undefined
  }
}
