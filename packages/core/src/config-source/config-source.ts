/**
 * Where a host's settings come from.
 *
 * Contract: a value is whole and checked before anyone sees it; one that does not pass changes nothing.
 */
export interface ConfigSource<T> {
  /** The newest value that passed, as far as this source has looked; `undefined` before the first. */
  readonly current: T | undefined
  /** Looks now. Rejects when what is there does not pass; `current` then stays as it was. */
  load(): Promise<T>
  /** Calls back at each change from now on, for better or worse. The returned function ends it. */
  watch(listener: (change: ConfigChange<T>) => void): () => void
}

/** The settings changed: to a new value, or to something that does not pass, so that the old value holds. */
export type ConfigChange<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly error: Error
      /** What still holds; absent when nothing passed yet. */ readonly value?: T
    }

/** Settings that are what they are. */
export function staticConfig<T>(value: T): ConfigSource<T> {
  return { current: value, load: () => Promise.resolve(value), watch: () => () => {} }
}
