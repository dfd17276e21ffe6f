/**
 * The tables of the file store.
 *
 * Content is kept once, under its SHA-256: in `body`, or beside the database when it is large, and then `body` is NULL.
 * `files` says what content is called, and whose it is; `crc` is the CRC-32 of `about`. Content that was the last file's
 * goes with it in the same transaction, whoever deletes that: at once where it lies here, and else marked as loose, until
 * what lies in the folder is removed.
 */
export const FILE_TABLES = `
CREATE TABLE blobs(
  blob_no INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  is_loose INTEGER NOT NULL DEFAULT 0,
  body BLOB
) STRICT;
CREATE INDEX blobs_loose ON blobs(blob_no) WHERE is_loose = 1;

CREATE TABLE files(
  file_no INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  run_id TEXT NOT NULL,
  blob_no INTEGER NOT NULL REFERENCES blobs,
  saved_at INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  about TEXT NOT NULL
) STRICT;
CREATE INDEX files_of_run ON files(run_id);
CREATE INDEX files_of_blob ON files(blob_no);
CREATE INDEX files_saved ON files(saved_at);

CREATE TRIGGER files_gone AFTER DELETE ON files
WHEN NOT EXISTS (SELECT 1 FROM files WHERE blob_no = old.blob_no)
BEGIN
  DELETE FROM blobs WHERE blob_no = old.blob_no AND body IS NOT NULL;
  UPDATE blobs SET is_loose = 1 WHERE blob_no = old.blob_no;
END;`
