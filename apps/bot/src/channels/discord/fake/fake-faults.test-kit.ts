/** What goes wrong with a request, in place of an answer. */
export type Fault =
  /** Discord's rate limit: 429. */
  | { readonly kind: 'limit'; readonly retryAfterMs: number; readonly isGlobal?: boolean }
  | { readonly kind: 'status'; readonly status: number; readonly code?: number; readonly message?: string }
  /** The connection dies before the request is carried out. */
  | { readonly kind: 'drop' }
  /** It is carried out, and the connection dies before the answer. */
  | { readonly kind: 'drop-after' }
  /** It is carried out, and answered with a 502. */
  | { readonly kind: 'bad-gateway-after' }
  /** There is no answer at all. */
  | { readonly kind: 'silence' }

interface Planned {
  readonly method: string
  readonly path: RegExp
  readonly fault: Fault
  skip: number
  times: number
}

/** Faults that tests have planned, each for the requests that it names. */
export class FakeFaults {
  readonly #planned: Planned[] = []

  /** Lets requests go wrong: after the first `skip`, for `times`. */
  plan(
    method: string,
    path: RegExp,
    fault: Fault,
    { skip = 0, times = 1 }: { readonly skip?: number; readonly times?: number } = {},
  ): void {
    this.#planned.push({ method, path, fault, skip, times })
  }

  take(method: string, path: string): Fault | undefined {
    for (const planned of this.#planned) {
      if (planned.method !== method || !planned.path.test(path) || planned.times === 0) continue
      if (planned.skip > 0) {
        planned.skip -= 1
        continue
      }
      planned.times -= 1
      return planned.fault
    }
    return undefined
  }
}
