import { ownedTables } from '../persona/owned-tables.ts'

/** The table of the skill store. */
export const SKILL_TABLES: string = ownedTables('skills')
