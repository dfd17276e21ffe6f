import type { FileToSave } from '@executus/core'
import { checkText } from '@executus/core/check-option'
import { StoreError } from '@executus/core/store-error'

import type { StoreGround } from '../open-store.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'
import { storeErrorOf } from '../store-error-of.ts'
import { aboutOf, type AboutRow, damagedFile, nameOf, savedFileOf } from './about.ts'
import { BlobFolder } from './blob-folder.ts'
import { keepBlob, LARGEST_INLINE, removeLoose } from './blob-rows.ts'
import { contentOf, sha256Of } from './content.ts'
import type { SavedContent, SavedFile, SqliteFileStore } from './file-store.ts'
import { type Forgotten, forgetOld, forgetRun, OLDEST, type Place } from './forget-files.ts'

export interface FilesConfig extends StoreGround {
  readonly maxFileBytes: number
}

/** A sweep that runs just then may take content away before its row is there; it does not find it a second time. */
const TRIES = 5

/** What is being saved must not be taken for a leftover: the longest save takes seconds. */
const GRACE_MS = 3_600_000

export class SqliteFiles implements SqliteFileStore {
  readonly #db: SqliteDatabase
  readonly #folder: BlobFolder
  readonly #config: FilesConfig
  #isClosed = false

  constructor(config: FilesConfig) {
    this.#db = config.db
    this.#folder = new BlobFolder(config.db.path)
    this.#config = config
  }

  async save(file: FileToSave, { signal }: { readonly signal?: AbortSignal } = {}): Promise<{ readonly name: string }> {
    checkText('file.run.runId', file?.run?.runId)
    checkText('file.mediaType', file.mediaType)
    if (file.name !== undefined) checkText('file.name', file.name)
    const { bytes, mediaType } = contentOf(file, this.#config.maxFileBytes)
    const sha256 = sha256Of(bytes)
    const originalName = file.name === undefined ? {} : { originalName: file.name }
    const about = { runId: file.run.runId.toWellFormed(), mediaType, ...originalName, sha256 }
    const savedAtMs = Math.floor(this.#config.clock.now())
    const saved: SavedFile = { name: nameOf(about), ...about, size: bytes.length, savedAtMs }
    for (let tries = 0; tries < TRIES; tries++) {
      signal?.throwIfAborted()
      const isLarge = bytes.length > LARGEST_INLINE
      if (isLarge) await this.#reach(() => this.#folder.put(sha256, bytes))
      const isThere = await this.#write(() => {
        if (isLarge && !this.#folder.has(sha256, bytes.length)) return false
        keepFile(this.#db, saved, keepBlob(this.#db, sha256, bytes))
        return true
      })
      if (isThere) return { name: saved.name }
    }
    throw new StoreError('io', 'The content of a file was taken away each time')
  }

  async read(name: string): Promise<SavedContent | undefined> {
    checkText('name', name)
    const row = await this.#read(() => this.#find(name))
    if (row === undefined) return undefined
    const file = savedFileOf(row, { name })
    if (row.size !== file.size || row.sha256 !== file.sha256) throw damagedFile(name)
    const { sha256, size } = file
    const bytes = row.body ?? (await this.#reach(() => this.#folder.read(sha256, size)))
    if (bytes instanceof Uint8Array && sha256Of(bytes) === sha256) return { ...file, bytes }
    // It may have been forgotten while it was read.
    if ((await this.#read(() => this.#find(name))) === undefined) return undefined
    throw damagedFile(name)
  }

  list({ runId }: { readonly runId: string }): Promise<readonly SavedFile[]> {
    checkText('runId', runId)
    const wanted = runId.toWellFormed()
    const sql = 'SELECT about, crc FROM files WHERE run_id = ? ORDER BY file_no'
    return this.#read(() =>
      (this.#db.prepare(sql).all(wanted) as AboutRow[]).map((row) => savedFileOf(row, { runId: wanted })),
    )
  }

  async forget(runId: string): Promise<number> {
    checkText('runId', runId)
    let forgotten = 0
    for (let count = -1; count !== 0; forgotten += count)
      count = await this.#write(() => forgetRun(this.#db, runId.toWellFormed()))
    await this.#removeLoose()
    return forgotten
  }

  async sweep({ savedBeforeMs, limit }: { readonly savedBeforeMs: number; readonly limit: number }): Promise<number> {
    let forgotten = 0
    for (let place: Place | undefined = OLDEST; place !== undefined && forgotten < limit;) {
      const from: Place = place
      const left = limit - forgotten
      const done: Forgotten = await this.#write(() => forgetOld(this.#db, { savedBeforeMs, from, limit: left }))
      forgotten += done.count
      place = done.next
    }
    await this.#removeLoose()
    await this.#tidy()
    return forgotten
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#config.isDatabaseOurs) await this.#db.close()
  }

  #find(name: string): FoundRow | undefined {
    const sql = 'SELECT about, crc, sha256, size, body FROM files LEFT JOIN blobs USING(blob_no) WHERE name = ?'
    return this.#db.prepare(sql).get(name) as FoundRow | undefined
  }

  async #removeLoose(): Promise<void> {
    for (let count = -1; count !== 0;) count = await this.#write(() => removeLoose(this.#db, this.#folder))
  }

  /** Removes what a crash has left: half a write, or content whose row was never written. */
  async #tidy(): Promise<void> {
    const sql = 'SELECT 1 FROM blobs WHERE sha256 = ?'
    await this.#reach(async () => {
      for await (const { name, isContent } of this.#folder.oldOnes(this.#config.clock.now() - GRACE_MS))
        await this.#write(() => {
          // Nobody writes a row just now, and who does next looks for the content first.
          if (!isContent || this.#db.prepare(sql).get(name) === undefined) this.#folder.removeLeftOver(name)
        })
    })
  }

  #write<T>(work: () => T): Promise<T> {
    return this.#db.write(() => this.#whenOpen(work))
  }

  #read<T>(work: () => T): Promise<T> {
    return this.#db.read(() => this.#whenOpen(work))
  }

  #whenOpen<T>(work: () => T): T {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
    return work()
  }

  /** Does something with the folder; what that says comes as a `StoreError`. */
  async #reach<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed')
    try {
      return await work()
    } catch (error) {
      throw storeErrorOf(error)
    }
  }
}

/** A file with its content; of one whose blob is gone, all that is of the blob is `null`. */
interface FoundRow extends AboutRow {
  readonly sha256: string | null
  readonly size: number | null
  readonly body: unknown
}

/** A file of this name is this file; saved again it is as new. */
function keepFile(db: SqliteDatabase, file: SavedFile, blobNo: number): void {
  const { body, crc } = aboutOf(file)
  const sql = `
    INSERT INTO files(name, run_id, blob_no, saved_at, crc, about) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT(name) DO UPDATE SET
      run_id = excluded.run_id, blob_no = excluded.blob_no, saved_at = excluded.saved_at, crc = excluded.crc, about = excluded.about`
  db.prepare(sql).run(file.name, file.runId, blobNo, file.savedAtMs, crc, body)
}
