import type { SqliteDatabase } from '../sqlite-database.ts'
import type { BlobFolder } from './blob-folder.ts'

/** Larger content lies in the folder: SQLite copies what is in its rows, and a write blocks the event loop. */
export const LARGEST_INLINE: number = 1024 * 1024

/** Contents that are removed in one transaction: others that write wait for it. */
const BATCH = 20

/** A content as a row tells of it; `body` is `null` when it lies in the folder. */
interface BlobRow {
  readonly blob_no: number
  readonly sha256: string
  readonly size: number
  readonly is_loose: number
  readonly body: Uint8Array | null
}

/** Keeps the row of a content; gives its number. One that is there already, and as it should be, is not written again. */
export function keepBlob(db: SqliteDatabase, sha256: string, bytes: Uint8Array): number {
  const body = bytes.length > LARGEST_INLINE ? null : bytes
  const there = db.prepare('SELECT blob_no, sha256, size, is_loose, body FROM blobs WHERE sha256 = ?').get(sha256)
  if (there !== undefined && isSame(there as BlobRow, bytes.length, body)) return (there as BlobRow).blob_no
  const sql = `
    INSERT INTO blobs(sha256, size, body) VALUES (?, ?, ?)
    ON CONFLICT(sha256) DO UPDATE SET size = excluded.size, body = excluded.body, is_loose = 0 RETURNING blob_no`
  // The driver takes bytes, too.
  const row = db.prepare(sql).get(sha256, bytes.length, body)
  return (row as Pick<BlobRow, 'blob_no'>).blob_no
}

function isSame(row: BlobRow, size: number, body: Uint8Array | null): boolean {
  if (row.size !== size || row.is_loose !== 0) return false
  return body === null ? row.body === null : Buffer.isBuffer(row.body) && row.body.equals(body)
}

/**
 * Removes large contents that no file has any more, as part of a transaction, and no more than fit into one; gives how many
 * there were. It is not to be the one that forgot the files: undone, that would leave files without content.
 */
export function removeLoose(db: SqliteDatabase, folder: BlobFolder): number {
  const rows = db.prepare('SELECT blob_no, sha256 FROM blobs WHERE is_loose = 1 LIMIT ?').all(BATCH)
  for (const { blob_no: blobNo, sha256 } of rows as Pick<BlobRow, 'blob_no' | 'sha256'>[]) {
    folder.remove(sha256)
    db.prepare('DELETE FROM blobs WHERE blob_no = ?').run(blobNo)
  }
  return rows.length
}
