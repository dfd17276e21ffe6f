import { ownedTables } from './owned-tables.ts'

/** The table of the persona store. */
export const PERSONA_TABLES: string = ownedTables('personas')
