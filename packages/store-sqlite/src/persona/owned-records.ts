import {
  checkVersion,
  fitsQuery,
  type FoundOwned,
  idTaken,
  nameKeyOf,
  nameTaken,
  notFound,
  type Owned,
  type OwnedKind,
  type OwnedQuery,
  type OwnedStore,
  plain,
} from '@executus/core/owned'
import { StoreError } from '@executus/core/store-error'

import { bodyOf, valueOf } from '../journal/body.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'
import { TableAccess } from '../table-access.ts'
import { limitOf, merge, type OwnedRow, partsOf } from './find-owned.ts'
import type { OwnedTable } from './owned-tables.ts'

/** The store of the things of one kind, in a table of `ownedTables`. */
export class OwnedRecords<R extends Owned> implements OwnedStore<R> {
  readonly #db: TableAccess
  readonly #table: OwnedTable
  readonly #kind: OwnedKind<R>

  constructor(db: SqliteDatabase, isDatabaseOurs: boolean, table: OwnedTable, kind: OwnedKind<R>) {
    this.#db = new TableAccess(db, isDatabaseOurs)
    this.#table = table
    this.#kind = kind
  }

  async create(record: R, { maxOfOwner }: { readonly maxOfOwner: number }): Promise<'created' | 'too-many'> {
    const table = this.#table
    const row = this.#rowOf(record)
    return this.#db.write(() => {
      if (this.#versionOf(record.id) !== undefined) throw idTaken(this.#kind.noun, record.id)
      this.#checkNameIsFree(record)
      const owned = this.#db.prepare(`SELECT count(*) AS count FROM ${table} WHERE owner = ?`).get(record.owner)
      if ((owned as { readonly count: number }).count >= maxOfOwner) return 'too-many'
      const sql = `
        INSERT INTO ${table}(owner, name_key, visibility, scope, words, version, crc, body, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
      this.#db.prepare(sql).run(...row, record.id)
      return 'created'
    })
  }

  async update(record: R, { expectVersion }: { readonly expectVersion: number }): Promise<void> {
    const { noun } = this.#kind
    const row = this.#rowOf(record)
    await this.#db.write(() => {
      const version = this.#versionOf(record.id)
      if (version === undefined) throw notFound(noun, record.id)
      checkVersion(noun, { id: record.id, version }, expectVersion)
      this.#checkNameIsFree(record)
      const sql = `
        UPDATE ${this.#table}
        SET owner = ?, name_key = ?, visibility = ?, scope = ?, words = ?, version = ?, crc = ?, body = ?
        WHERE id = ?`
      this.#db.prepare(sql).run(...row, record.id)
    })
  }

  async find(id: string): Promise<R | undefined> {
    const sql = `SELECT number, id, crc, body FROM ${this.#table} WHERE id = ?`
    const row = await this.#db.read(() => this.#db.prepare(sql).get(id) as OwnedRow | undefined)
    if (row === undefined) return undefined
    const record = recordOf(row) as R | undefined
    if (record === undefined) throw new StoreError('corrupt', `What is kept of ${this.#kind.noun} ${id} is damaged`)
    return record
  }

  async list(query: OwnedQuery): Promise<FoundOwned<R>> {
    const folded = query.text === undefined ? query : { ...query, text: nameKeyOf(query.text) }
    const parts = partsOf(this.#table, folded)
    const { rows, hasMore } = await this.#db.read(() =>
      merge(
        parts.map(({ sql, values }) => this.#db.prepare(sql).all(...values) as OwnedRow[]),
        limitOf(query),
      ),
    )
    const found: R[] = []
    const damaged: string[] = []
    for (const row of rows) {
      const record = recordOf(row) as R | undefined
      // What it was found by may be damaged, and not what is kept: nobody must see it for that.
      if (record !== undefined && fitsQuery(this.#kind, record, plain(query))) found.push(record)
      else damaged.push(row.id)
    }
    return { found, damaged, ...(hasMore && { next: String(rows.at(-1)!.number) }) }
  }

  async remove(id: string, { expectVersion }: { readonly expectVersion?: number } = {}): Promise<boolean> {
    return this.#db.write(() => {
      const version = this.#versionOf(id)
      if (version === undefined) return false
      if (expectVersion !== undefined) checkVersion(this.#kind.noun, { id, version }, expectVersion)
      this.#db.prepare(`DELETE FROM ${this.#table} WHERE id = ?`).run(id)
      return true
    })
  }

  close(): Promise<void> {
    return this.#db.close()
  }

  #rowOf(record: R): readonly (string | number | null)[] {
    // SQLite keeps well-formed text alone; what is looked for must be what is kept.
    const { body, crc } = bodyOf(plain(record))
    const { owner, name, visibility, scope = null, version } = record
    return [owner, nameKeyOf(name), visibility, scope, this.#kind.wordsOf(record), version, crc, body]
  }

  #versionOf(id: string): number | undefined {
    const row = this.#db.prepare(`SELECT version FROM ${this.#table} WHERE id = ?`).get(id)
    return (row as { readonly version: number } | undefined)?.version
  }

  #checkNameIsFree(record: R): void {
    const sql = `SELECT 1 FROM ${this.#table} WHERE owner = ? AND name_key = ? AND id <> ?`
    if (this.#db.prepare(sql).get(record.owner, nameKeyOf(record.name), record.id) !== undefined)
      throw nameTaken(this.#kind.noun, record)
  }
}

/** What a row keeps; `undefined` when it is damaged. */
function recordOf(row: OwnedRow): Owned | undefined {
  const record = valueOf(row) as Owned | null | undefined
  return record?.id === row.id ? record : undefined
}
