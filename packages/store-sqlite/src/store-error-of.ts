import { StoreError, type StoreErrorCode } from '@executus/core/store-error'

/**
 * What the driver or the file system threw, as a `StoreError`. Anything else comes back as it is: a mistake, here or of
 * the caller. No message holds a path or a value, as messages are logged.
 */
export function storeErrorOf(error: unknown): unknown {
  if (StoreError.is(error)) return error
  const code = codeOf(error)
  if (code === undefined) return error
  const storeCode = code.startsWith('SQLITE_') ? codeOfSqlite(code) : codeOfSystem(code)
  return new StoreError(storeCode, `The store ${TROUBLES[storeCode]} (${code})`, { cause: error })
}

/** Whether the driver found the file damaged. */
export function isDamage(error: unknown): boolean {
  return codeOf(error)?.startsWith('SQLITE_CORRUPT') === true
}

/** The code that the driver (`SQLITE_FULL`) or the system (`ENOSPC`) gave; `undefined` for any other error. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^(SQLITE_\w+|E[A-Z0-9]+)$/.test(code) ? code : undefined
}

type Trouble = Extract<StoreErrorCode, 'full' | 'read-only' | 'io' | 'busy' | 'corrupt' | 'not-a-store'>

const TROUBLES: Readonly<Record<Trouble, string>> = {
  full: 'has no room left on its disk',
  'read-only': 'may not be written',
  io: 'could not be read or written',
  busy: 'was held by another process for too long',
  corrupt: 'is damaged',
  'not-a-store': 'is no SQLite file',
}

function codeOfSqlite(code: string): Trouble {
  if (code === 'SQLITE_FULL') return 'full'
  if (code === 'SQLITE_READONLY_DBMOVED') return 'io' // the file was taken away while it was open
  if (code.startsWith('SQLITE_READONLY')) return 'read-only'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy'
  if (code.startsWith('SQLITE_CORRUPT')) return 'corrupt'
  if (code === 'SQLITE_NOTADB') return 'not-a-store'
  return 'io'
}

function codeOfSystem(code: string): Trouble {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'read-only'
  return 'io'
}
