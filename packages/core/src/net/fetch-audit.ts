import type { GuardedFetchErrorCode } from './errors.ts'

/** One request of a redirect chain: what was asked for, where the name led, and how it came out. */
export interface FetchAudit {
  /** The URL in its one spelling, or as it was written when it has none; at most 8192 characters. */
  readonly url: string
  /** Counts redirects; 0 is the request itself. */
  readonly hop: number
  /** What the host resolved to. */
  readonly addresses: readonly string[]
  readonly status?: number
  /** Why there was no response. */
  readonly code?: GuardedFetchErrorCode
  /** Facts behind `code`: `127.0.0.1 is loopback`. Not for a model. */
  readonly detail?: string
}
