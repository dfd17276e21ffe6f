import { JournalError } from '@executus/core'

import { StoreError } from './errors.ts'

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
