/**
 * The tables of the audit.
 *
 * `body` is the whole record, or entry, as JSON, and `crc` its CRC-32; the columns beside it are what lists look for. Each
 * index ends with when a run was begun, and so gives a list in its order. Run numbers are never given twice, so that a page
 * can begin after a run that is gone.
 */
export const AUDIT_TABLES = `
CREATE TABLE audit_runs(
  run_no INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE,
  root_run_id TEXT NOT NULL,
  parent_run_id TEXT,
  caller TEXT,
  channel TEXT,
  guild TEXT,
  agent TEXT NOT NULL,
  subject TEXT,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  head INTEGER NOT NULL, -- how many entries there are
  crc INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX audit_runs_begun ON audit_runs(started_at);
CREATE INDEX audit_runs_of_tree ON audit_runs(root_run_id, started_at);
CREATE INDEX audit_runs_below ON audit_runs(parent_run_id, started_at) WHERE parent_run_id IS NOT NULL;
CREATE INDEX audit_runs_of_caller ON audit_runs(caller, started_at) WHERE caller IS NOT NULL;
CREATE INDEX audit_runs_in_channel ON audit_runs(channel, started_at) WHERE channel IS NOT NULL;
CREATE INDEX audit_runs_in_guild ON audit_runs(guild, started_at) WHERE guild IS NOT NULL;
CREATE INDEX audit_runs_of_agent ON audit_runs(agent, started_at);
CREATE INDEX audit_runs_about ON audit_runs(subject, started_at) WHERE subject IS NOT NULL;
CREATE INDEX audit_runs_as ON audit_runs(status, started_at);
CREATE INDEX audit_runs_silent ON audit_runs(updated_at);
CREATE INDEX audit_runs_newest ON audit_runs(root_run_id, updated_at);

CREATE TABLE audit_entries(
  id INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES audit_runs ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE(run_no, seq)
) STRICT;`
