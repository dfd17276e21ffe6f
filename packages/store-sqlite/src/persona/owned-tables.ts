/** The tables of things that people own, name and share. */
export type OwnedTable = 'personas' | 'skills'

/**
 * One of these tables.
 *
 * `body` is all of it as JSON, and `crc` its CRC-32; the columns beside it are what is looked for. Numbers are never given
 * twice, so that a page of a list can begin after one that is gone. Each index holds its rows in the order of their numbers.
 */
export function ownedTables(table: OwnedTable): string {
  return `
CREATE TABLE ${table}(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  name_key TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK(visibility IN('private', 'shared', 'public')),
  scope TEXT,
  words TEXT NOT NULL, -- what a search looks into
  version INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE(owner, name_key)
) STRICT;
CREATE INDEX ${table}_of_owner ON ${table}(owner);
CREATE INDEX ${table}_named ON ${table}(name_key);
CREATE INDEX ${table}_of_visibility ON ${table}(visibility);
CREATE INDEX ${table}_of_scope ON ${table}(scope) WHERE scope IS NOT NULL;`
}
