/**
 * The tables of the journal, as the first version of the file has them.
 *
 * Appending writes `entries` alone: a run's head is its highest `seq`, and its entry 0 is the info that it was begun with.
 * Entries lie in the order in which they were written, in an ordinary table: 2 KB rows in a clustered one cost a third more
 * bytes written. `least_head` is the head when the run was last claimed or given back: fewer entries are a damage, of an
 * index say, which no checksum shows. `crc` is the CRC-32 of `body`, as SQLite does not see a flipped bit inside a value. Run numbers are never
 * given twice, so that a page of a list can begin after one that is gone. Pages that are free are used again, and not given
 * back to the disk: to be able to would cost an append of 2 KB a seventh more.
 */
export const JOURNAL_TABLES = `
CREATE TABLE runs(
  run_no INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE,
  root_run_id TEXT NOT NULL,
  root_no INTEGER,   -- NULL: it is the root
  parent_no INTEGER, -- NULL: no run that is kept here began it
  agent TEXT NOT NULL,
  status TEXT NOT NULL CHECK(
    status IN('running', 'released', 'waiting', 'signalled', 'settled', 'poisoned', 'quarantined')),
  owner TEXT, -- who holds it while it is running
  epoch INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL,
  least_head INTEGER NOT NULL DEFAULT 0,
  crash_streak INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  cancel_reason TEXT,
  reason TEXT,
  waits TEXT,
  outcome TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX runs_open ON runs(status) WHERE status <> 'settled';
CREATE INDEX runs_owned ON runs(owner) WHERE owner IS NOT NULL;
CREATE INDEX runs_below ON runs(parent_no) WHERE parent_no IS NOT NULL;
CREATE INDEX runs_settled ON runs(settled_at) WHERE status = 'settled' AND parent_no IS NULL;

CREATE TABLE entries(
  id INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE(run_no, seq)
) STRICT;

CREATE TABLE signals(
  signal_no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE(run_no, name),
  UNIQUE(run_no, id)
) STRICT;`
