import {
  ensureError,
  estimateTokens,
  type Model,
  ModelError,
  modelStream,
  type Providers,
  type StreamOptions,
  type Usage,
} from '@executus/llm'

import { LaneError } from './errors.ts'
import type { AcquireOptions, Lane } from './lane.ts'
import type { Lease } from './lease.ts'

export interface LaneModelOptions {
  /**
   * Between whom the lane is fair; `options.attribution` tells for whom a call is made.
   *
   * @default the model's credential, or its spec where it has none
   */
  readonly keyOf?: (model: Model, options: StreamOptions) => string
}

/**
 * `providers`, with each call of their models taking a slot of a lane: of one lane for all, or of one for each provider
 * or model, since limits of requests and tokens are each provider's own. See `laneModel`.
 *
 * @example
 * const lanes = new Map([['anthropic', createLane({ concurrency: 8, requestsPerMinute: 50, tokensPerMinute: 30_000 })]])
 * const providers = laneProviders(createProviders(), ({ credential = '' }) => lanes.get(credential))
 */
export function laneProviders(
  providers: Providers,
  lane: Lane | ((model: Model) => Lane | undefined),
  options: LaneModelOptions = {},
): Providers {
  const laneOf = typeof lane === 'function' ? lane : () => lane
  return {
    names: providers.names,
    model(spec) {
      const model = providers.model(spec)
      const own = laneOf(model)
      return own === undefined ? model : laneModel(model, own, options)
    },
  }
}

/**
 * `model`, with each call taking a slot of `lane` when it is read, and giving it back when the call is over: answered,
 * failed, aborted or left early. Where the lane limits tokens, the request is reserved as an estimate and settled with
 * the usage of the reply; a failed call that reports none leaves the estimate as it is.
 *
 * A call that finds the lane full fails as `overloaded`, so a chain goes on to the next model; one that finds it closed
 * fails as `aborted`, as nobody is to be asked in its place. The wait ends with the call's signal.
 */
export function laneModel(model: Model, lane: Lane, { keyOf = credentialOf }: LaneModelOptions = {}): Model {
  const { spec, facts, credential, hasNativeOutput } = model
  return {
    spec,
    ...(facts !== undefined && { facts }),
    ...(credential !== undefined && { credential }),
    ...(hasNativeOutput !== undefined && { hasNativeOutput }),
    stream: (request, options = {}) =>
      modelStream(async ({ emit, signal }) => {
        const tokens = lane.countsTokens ? estimateTokens(request) : 0
        const lease = await takeSlot(model, lane, () => keyOf(model, options), { signal, tokens })
        try {
          const reply = await model.stream(request, { ...options, signal }).result(emit)
          if (reply.usage !== undefined) settle(lease, reply.usage)
          return reply
        } catch (error) {
          if (ModelError.is(error) && error.usage !== undefined) settle(lease, error.usage)
          throw error
        } finally {
          lease.release()
        }
      }, options),
  }
}

function credentialOf({ credential, spec }: Model): string {
  return credential ?? spec
}

async function takeSlot(model: Model, lane: Lane, keyOf: () => string, options: AcquireOptions): Promise<Lease> {
  try {
    return await lane.acquire(keyOf(), options)
  } catch (thrown) {
    throw asModelError(model, ensureError(thrown))
  }
}

/** Gives the slot back with what was used. Cached tokens count in full: not every provider leaves them out. */
function settle(lease: Lease, { inputTokens, outputTokens }: Pick<Usage, 'inputTokens' | 'outputTokens'>): void {
  lease.release({ tokens: inputTokens + outputTokens })
}

// A model fails only with a ModelError.
function asModelError({ spec }: Model, error: Error): ModelError {
  if (!LaneError.is(error)) return new ModelError(`${spec}: ${error.message}`, { code: 'bad-request', cause: error })
  if (error.code === 'aborted')
    return new ModelError('The model call was aborted', { code: 'aborted', cause: error.cause })
  const code = error.code === 'full' ? 'overloaded' : 'aborted'
  return new ModelError(`${spec}: ${error.message}`, { code, cause: error })
}
