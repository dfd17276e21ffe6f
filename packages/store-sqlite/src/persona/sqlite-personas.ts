import { type Persona, personaKind, type PersonaStore } from '@executus/persona'

import type { SqliteDatabase } from '../sqlite-database.ts'
import { OwnedRecords } from './owned-records.ts'

/** A persona store on a file that is open; with `isDatabaseOurs` the file is closed with it. */
export function openPersonas(db: SqliteDatabase, isDatabaseOurs: boolean): PersonaStore {
  return new OwnedRecords<Persona>(db, isDatabaseOurs, 'personas', personaKind)
}
