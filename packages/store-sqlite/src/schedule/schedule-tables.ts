/**
 * The tables of the schedule store.
 *
 * `body` is the whole job as JSON, and `crc` the CRC-32 of it; the columns beside it say the same, for the indexes, and a row
 * of which they do not is damaged. `next_at` of a job without a next time is the largest number that JavaScript counts to, so
 * that it comes last. Job numbers are never given twice, so that a page of a list can begin after one that is gone.
 */
export const SCHEDULE_TABLES = `
CREATE TABLE jobs(
  job_no INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id TEXT NOT NULL UNIQUE,
  owner TEXT,
  next_at INTEGER NOT NULL,
  busy_until INTEGER NOT NULL, -- 0: not busy, or it does not matter
  ended_at INTEGER,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_next ON jobs(next_at, job_no);
CREATE INDEX jobs_owned ON jobs(owner, next_at, job_no) WHERE owner IS NOT NULL;
CREATE INDEX jobs_ended ON jobs(ended_at, job_no) WHERE ended_at IS NOT NULL;

CREATE TABLE firings(
  job_no INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  due_at INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(job_no, due_at)
) STRICT, WITHOUT ROWID;`
