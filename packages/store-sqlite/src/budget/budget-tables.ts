/**
 * The tables of the budget.
 *
 * `body` holds the amounts of a counter, the charge of a run with its epoch, or a grant; `crc` is its CRC-32, as SQLite does
 * not see a flipped bit inside a value.
 */
export const BUDGET_TABLES = `
CREATE TABLE budget_counters(
  account TEXT NOT NULL,
  window TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(account, window, start_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_counters_ended ON budget_counters(end_at);

CREATE TABLE budget_charges(
  charge_no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  keep_until INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX budget_charges_kept ON budget_charges(keep_until);

CREATE TABLE budget_grants(
  grant_no INTEGER PRIMARY KEY,
  grant_id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX budget_grants_of_account ON budget_grants(account, until_at);
CREATE INDEX budget_grants_ended ON budget_grants(until_at);`
