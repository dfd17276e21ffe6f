import { checkUrl } from './check-url.ts'
import { GuardedFetchError } from './errors.ts'
import type { FetchPolicy } from './fetch-policy.ts'
import { guard, type GuardedRequest, type GuardedResponse, type Reach } from './guard.ts'

/** The only way to a URL that a model, a config file or a server supplied. */
export interface GuardedFetch {
  /**
   * Requests `url`, provided that it and each redirect of it lead to where this guard may go. A response of any status is
   * a response.
   *
   * @throws GuardedFetchError when it was denied or failed; the reason of `signal` when that ended it
   */
  fetch(url: unknown, request?: GuardedRequest): Promise<GuardedResponse>
  /**
   * The one spelling of `url`, for rules to speak of. Nothing is resolved yet.
   *
   * @throws GuardedFetchError when its text, host or port is not open
   */
  check(url: unknown): string
  /** Ends what is under way and allows nothing more. */
  close(): void
}

/** A guarded fetch that reaches the world by `reach`. Not for hosts: tests bring a name server and a wire of their own. */
export function guardedFetch(policy: FetchPolicy, reach: Reach): GuardedFetch {
  const closing = new AbortController()
  return {
    fetch: async (url, request = {}) => {
      const deadline = new AbortController()
      const timedOut = () => deadline.abort(new GuardedFetchError('timeout', 'deadline'))
      const cancel = policy.clock.after(policy.deadlineMs, timedOut)
      const signals = [closing.signal, deadline.signal, ...(request.signal === undefined ? [] : [request.signal])]
      try {
        return await guard(url, request, policy, reach, AbortSignal.any(signals))
      } catch (error) {
        throw policy.opaqueErrors ? opaque(error) : error
      } finally {
        cancel()
      }
    },
    check: (url) => checkUrl(url, policy).href,
    close: () => closing.abort(new GuardedFetchError('closed')),
  }
}

/** One code for everything that tells whether somebody listens. */
function opaque(error: unknown): unknown {
  const tells = ['dns_error', 'dns_empty', 'dns_timeout', 'connect_failed', 'tls_failed', 'timeout', 'bad_response']
  const isTelling = GuardedFetchError.is(error) && tells.includes(error.code)
  return isTelling
    ? new GuardedFetchError('unreachable', `${error.code} ${error.detail ?? ''}`, { cause: error })
    : error
}
