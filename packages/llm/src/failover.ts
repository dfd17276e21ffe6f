import { type BackoffOptions, backoffMs } from './backoff.ts'
import type { CallRecord } from './call-record.ts'
import { costOf } from './catalogue.ts'
import { type Clock, monotonicMs, systemClock } from './clock.ts'
import { ensureError, isFailover, isRetryable, ModelError, type ModelErrorDetails } from './errors.ts'
import { createHealth, type ModelHealth } from './health.ts'
import { abortedError, type ModelCallContext, modelStream } from './model-stream.ts'
import type { Model, ModelReply, ModelRequest, ModelStream, StreamOptions } from './model.ts'

/** How stubborn a chain is. */
export interface FailoverOptions {
  /** How often one model is asked before the next one is. @default 3 */
  readonly maxAttempts?: number
  readonly backoff?: BackoffOptions
  /** Which models rest; to be shared by all chains of a host. @default one of the chain's own */
  readonly health?: ModelHealth
  /** Told of every attempt, also those that fail. Contract: does not throw. */
  readonly onCall?: (record: CallRecord) => void
  /** The tier that the chain stands for, for `onCall`. */
  readonly tier?: string
  /** @default systemClock */
  readonly clock?: Clock
  /** Gives numbers from 0 up to 1, for jitter. @default Math.random */
  readonly random?: () => number
}

const MAX_ATTEMPTS = 3
// With another model at hand, a longer wait than this costs more than the switch.
const LONGEST_WAIT_BEFORE_NEXT_MS = 5_000
// A provider may ask for hours (seen: 86,400 s); a caller is better served by the error than by such a wait.
const LONGEST_WAIT_MS = 60_000

/**
 * Asks the models in order until one answers: the same one again after a passing failure, the next one after a lasting
 * failure; models that rest are passed over. A failed attempt is announced as `attempt-discarded`; answers of two attempts
 * are never spliced. The first model comes first again as soon as it has rested.
 *
 * @throws RangeError when there is no model
 */
export function failover(models: readonly Model[], options: FailoverOptions = {}): Model {
  const { maxAttempts = MAX_ATTEMPTS, clock = systemClock, random = Math.random } = options
  const { health = createHealth(clock) } = options
  const [first] = models
  if (first === undefined) throw new RangeError('Expected a chain of at least one model, got an empty one')
  if (!(maxAttempts >= 1)) throw new RangeError(`Expected \`maxAttempts\` to be 1 or more, got \`${maxAttempts}\``)
  const chain = { ...options, models, maxAttempts, clock, random, health }

  return {
    spec: first.spec,
    ...(first.facts !== undefined && { facts: first.facts }),
    hasNativeOutput: models.every((model) => model.hasNativeOutput === true),
    stream: (request, streamOptions = {}) =>
      modelStream((context) => new ChainCall(chain, request, streamOptions, context).ask(), streamOptions),
  }
}

type Chain = FailoverOptions & {
  readonly models: readonly Model[]
} & Required<Pick<FailoverOptions, 'maxAttempts' | 'clock' | 'random' | 'health'>>

/** One question to a chain. */
class ChainCall {
  readonly #chain: Chain
  readonly #request: ModelRequest
  readonly #options: StreamOptions
  readonly #context: ModelCallContext
  readonly #failures: ModelError[] = []
  /** The models that may still be asked. */
  #left: readonly Model[]
  #waitedMs = 0
  #void: { readonly model: Model; readonly error: ModelError } | undefined

  constructor(chain: Chain, request: ModelRequest, options: StreamOptions, context: ModelCallContext) {
    this.#chain = chain
    this.#request = request
    this.#options = options
    this.#context = context
    this.#left = chain.models
  }

  async ask(): Promise<ModelReply> {
    const { health } = this.#chain
    for (;;) {
      const model = await this.#nextModel()
      try {
        const reply = await this.#askOne(model)
        health.succeeded(model)
        return reply
      } catch (thrown) {
        const error = asModelError(thrown, model)
        if (error.code === 'aborted') health.released(model)
        else health.failed(model, error)
        if (!isFailover(error)) throw this.#allFailed(error)
        const isOverflow = error.code === 'context-overflow'
        if (isOverflow && this.#options.overflow === 'throw') throw error
        this.#void = { model, error }
        this.#left = this.#left.filter((each) => each !== model && !(isOverflow && isNoLarger(each, model)))
      }
    }
  }

  /** The first model that may be asked; if all rest, the one that rests shortest, after its rest. */
  async #nextModel(): Promise<Model> {
    const { health } = this.#chain
    for (;;) {
      const [model] = this.#left.toSorted((a, b) => health.restMs(a) - health.restMs(b))
      const waitMs = model === undefined ? 0 : health.restMs(model)
      if (model === undefined || this.#waitedMs + waitMs > LONGEST_WAIT_MS) throw this.#allFailed()
      this.#announce(model, waitMs)
      if (waitMs > 0) await this.#wait(waitMs)
      if (health.mayAsk(model)) return model
    }
  }

  /** Asks one model until it answers or is given up on. */
  async #askOne(model: Model): Promise<ModelReply> {
    const { maxAttempts, random, backoff } = this.#chain
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(model, attempt)
      } catch (thrown) {
        const error = this.#failure(thrown, model)
        if (error.code === 'aborted') throw error
        this.#failures.push(error)
        const waitMs = backoffMs(attempt, random, error.retryAfterMs, backoff)
        const longestMs = this.#left.length > 1 ? LONGEST_WAIT_BEFORE_NEXT_MS : LONGEST_WAIT_MS
        if (!isRetryable(error) || attempt >= maxAttempts || waitMs > longestMs) throw error
        this.#void = { model, error }
        this.#announce(model, waitMs)
        await this.#wait(waitMs)
      }
    }
  }

  #attempt(model: Model, attempt: number): Promise<ModelReply> {
    const { onCall } = this.#chain
    return onCall === undefined ? this.#stream(model) : this.#recorded(model, attempt, onCall)
  }

  async #recorded(model: Model, attempt: number, onCall: NonNullable<Chain['onCall']>): Promise<ModelReply> {
    const { clock } = this.#chain
    const beganMs = monotonicMs(clock)
    const record = { spec: model.spec, attempt, startedAtMs: clock.now(), ...this.#attribution() }
    try {
      const reply = await this.#stream(model)
      onCall({ ...record, elapsedMs: monotonicMs(clock) - beganMs, ...spent(model, reply.usage) })
      return reply
    } catch (thrown) {
      const error = this.#failure(thrown, model)
      onCall({
        ...record,
        elapsedMs: monotonicMs(clock) - beganMs,
        ...spent(model, error.usage),
        errorCode: error.code,
      })
      throw error
    }
  }

  #stream(model: Model): Promise<ModelReply> {
    const { signal, emit } = this.#context
    const stream: unknown = model.stream(this.#request, { ...this.#options, signal })
    // A model of the host's own may be async by mistake: nobody would hear of its rejection, and Node would end.
    if (stream instanceof Promise) stream.catch(() => {})
    return (stream as ModelStream).result(emit)
  }

  /** Whatever an abort looks like to this model, nobody waits for another attempt. */
  #failure(thrown: unknown, model: Model): ModelError {
    const { signal } = this.#context
    return signal.aborted ? abortedError(signal) : asModelError(thrown, model)
  }

  #attribution(): Partial<CallRecord> {
    const { tier } = this.#chain
    const { attribution } = this.#options
    return { ...(tier !== undefined && { tier }), ...(attribution !== undefined && { attribution }) }
  }

  /** Says that what was streamed is void, once it is known who is asked next. */
  #announce(next: Model, waitMs: number): void {
    if (this.#void === undefined) return
    const { model, error } = this.#void
    this.#void = undefined
    this.#context.emit({ type: 'attempt-discarded', spec: model.spec, error, nextSpec: next.spec, waitMs })
  }

  #wait(delayMs: number): Promise<void> {
    this.#waitedMs += delayMs
    const { signal } = this.#context
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortedError(signal))
      const onAbort = () => {
        cancel()
        reject(abortedError(signal))
      }
      const cancel = this.#chain.clock.after(delayMs, () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      })
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** The last failure, naming those before it: the first one is often the one to mend. */
  #allFailed(last = this.#failures.at(-1)): ModelError {
    const resting = this.#left.map((model) => this.#chain.health.failureOf(model)).filter((each) => each !== undefined)
    const failures = [...resting, ...this.#failures]
    const error = last ?? resting.at(-1) ?? new ModelError('No model is left to ask', { code: 'overloaded' })
    if (failures.length <= 1 || error.code === 'aborted') return error
    const messages = new Set(failures.map((failure) => failure.message))
    return new ModelError(`${failures.length} attempts failed. ${[...messages].join(' / ')}`, {
      ...detailsOf(error),
      cause: new AggregateError(failures),
    })
  }
}

/** Whether `model` is known to hold no more than `other`, for which a request was too large. */
function isNoLarger(model: Model, other: Model): boolean {
  const [window, otherWindow] = [model.facts?.contextWindow, other.facts?.contextWindow]
  return window !== undefined && otherWindow !== undefined && window <= otherWindow
}

function spent(model: Model, usage: CallRecord['usage']): Partial<CallRecord> {
  if (usage === undefined) return {}
  const costUsd = costOf(usage, model.facts?.price)
  return { usage, ...(costUsd !== undefined && { costUsd }) }
}

function detailsOf({ code, provider, model, status, retryAfterMs, usage }: ModelError): ModelErrorDetails {
  return {
    code,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(usage !== undefined && { usage }),
  }
}

// A model of the host's own may break its contract and throw anything; that is a fault of its own, like a 5xx.
function asModelError(thrown: unknown, model: Model): ModelError {
  if (ModelError.is(thrown)) return thrown
  const error = ensureError(thrown)
  return new ModelError(`${model.spec}: ${error.message}`, { code: 'network', cause: error })
}
