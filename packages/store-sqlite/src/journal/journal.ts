import type { Clock } from '@executus/core'

import type { OwnerLock } from '../owner-lock.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'

/** What the parts of the journal work on. */
export interface Journal {
  readonly db: SqliteDatabase
  readonly lock: OwnerLock
  readonly clock: Clock
}

/** Milliseconds since the epoch, whole: what the columns take. */
export function nowOf({ clock }: Journal): number {
  return Math.floor(clock.now())
}
