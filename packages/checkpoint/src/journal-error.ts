import { JournalError } from '@executus/core'
import { StoreError } from '@executus/core/store-error'

/** What a store threw, as core understands it: `fenced` is that, and everything else is a failure of the storage. */
export function journalErrorOf(what: string, error: unknown): JournalError {
  if (JournalError.is(error)) return error
  const code = isFenced(error) ? 'fenced' : 'storage'
  const why = error instanceof Error ? `: ${error.message}` : ''
  return new JournalError(code, `${what} failed${why}`, { cause: error })
}

export function isFenced(error: unknown): boolean {
  return StoreError.is(error) && error.code === 'fenced'
}

/** What a store said of an entry that is damaged; `undefined` when something else is wrong. */
export function damageOf(error: unknown): string | undefined {
  const thrown = JournalError.is(error) ? error.cause : error
  return StoreError.is(thrown) && thrown.code === 'corrupt' ? thrown.message : undefined
}
