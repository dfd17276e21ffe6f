import { StoreError } from '@executus/core/store-error'

import { bodyOf, valueOf } from '../journal/body.ts'
import type { SqliteDatabase } from '../sqlite-database.ts'
import { TableAccess } from '../table-access.ts'
import { limitOf, merge, type OwnedQuery, type OwnedRow, partsOf } from './find-owned.ts'

/** What is kept of each: personas and skills have these, and more. */
export interface Owned {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly visibility: 'private' | 'shared' | 'public'
  readonly scope?: string
  readonly version: number
}

/** What sets one kind apart from the other. */
export interface OwnedKind<R extends Owned> {
  readonly table: 'personas' | 'skills'
  /** As a message calls it: `persona`. */
  readonly noun: string
  readonly nameKeyOf: (name: string) => string
  readonly wordsOf: (record: R) => string
  /** Whether a record fits a query, but for its page. */
  readonly fits: (record: R, query: OwnedQuery) => boolean
}

/** The store of one kind: what `PersonaStore` and `SkillStore` ask for. */
export class OwnedRecords<R extends Owned> {
  readonly #db: TableAccess
  readonly #kind: OwnedKind<R>

  constructor(db: SqliteDatabase, isDatabaseOurs: boolean, kind: OwnedKind<R>) {
    this.#db = new TableAccess(db, isDatabaseOurs)
    this.#kind = kind
  }

  async create(record: R, { maxOfOwner }: { readonly maxOfOwner: number }): Promise<'created' | 'too-many'> {
    const { table, noun } = this.#kind
    const row = this.#rowOf(record)
    return this.#db.write(() => {
      if (this.#versionOf(record.id) !== undefined)
        throw new StoreError('exists', `There is a ${noun} ${record.id} already`)
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
    const { table, noun } = this.#kind
    const row = this.#rowOf(record)
    await this.#db.write(() => {
      const version = this.#versionOf(record.id)
      if (version === undefined) throw new StoreError('not-found', `There is no ${noun} ${record.id}`)
      this.#checkVersion(record.id, version, expectVersion)
      this.#checkNameIsFree(record)
      const sql = `
        UPDATE ${table} SET owner = ?, name_key = ?, visibility = ?, scope = ?, words = ?, version = ?, crc = ?, body = ?
        WHERE id = ?`
      this.#db.prepare(sql).run(...row, record.id)
    })
  }

  async find(id: string): Promise<R | undefined> {
    const { table, noun } = this.#kind
    const sql = `SELECT number, id, crc, body FROM ${table} WHERE id = ?`
    const row = await this.#db.read(() => this.#db.prepare(sql).get(id) as OwnedRow | undefined)
    if (row === undefined) return undefined
    const record = recordOf(row) as R | undefined
    if (record === undefined) throw new StoreError('corrupt', `What is kept of ${noun} ${id} is damaged`)
    return record
  }

  async list(query: OwnedQuery): Promise<{ found: readonly R[]; damaged: readonly string[]; next?: string }> {
    const { table, nameKeyOf, fits } = this.#kind
    const folded = query.text === undefined ? query : { ...query, text: nameKeyOf(query.text) }
    const parts = partsOf(table, folded)
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
      if (record !== undefined && fits(record, wellFormed(query))) found.push(record)
      else damaged.push(row.id)
    }
    return { found, damaged, ...(hasMore && { next: String(rows.at(-1)!.number) }) }
  }

  async remove(id: string, { expectVersion }: { readonly expectVersion?: number } = {}): Promise<boolean> {
    return this.#db.write(() => {
      const version = this.#versionOf(id)
      if (version === undefined) return false
      if (expectVersion !== undefined) this.#checkVersion(id, version, expectVersion)
      this.#db.prepare(`DELETE FROM ${this.#kind.table} WHERE id = ?`).run(id)
      return true
    })
  }

  close(): Promise<void> {
    return this.#db.close()
  }

  #rowOf(record: R): readonly (string | number | null)[] {
    const { nameKeyOf, wordsOf } = this.#kind
    // SQLite keeps well-formed text alone; what is looked for must be what is kept.
    const { body, crc } = bodyOf(wellFormed(record))
    const { owner, name, visibility, scope = null, version } = record
    return [owner, nameKeyOf(name), visibility, scope, wordsOf(record), version, crc, body]
  }

  #versionOf(id: string): number | undefined {
    const row = this.#db.prepare(`SELECT version FROM ${this.#kind.table} WHERE id = ?`).get(id)
    return (row as { readonly version: number } | undefined)?.version
  }

  #checkVersion(id: string, version: number, expectVersion: number): void {
    if (version === expectVersion) return
    const { noun } = this.#kind
    const title = noun.charAt(0).toUpperCase() + noun.slice(1)
    throw new StoreError('fenced', `${title} ${id} is at version ${version} by now, not at ${expectVersion}`)
  }

  #checkNameIsFree({ id, owner, name }: R): void {
    const { table, noun, nameKeyOf } = this.#kind
    const sql = `SELECT 1 FROM ${table} WHERE owner = ? AND name_key = ? AND id <> ?`
    if (this.#db.prepare(sql).get(owner, nameKeyOf(name), id) !== undefined)
      throw new StoreError('exists', `${owner} has a ${noun} ${name} already`)
  }
}

/** What a row keeps; `undefined` when it is damaged. */
function recordOf(row: OwnedRow): Owned | undefined {
  const record = valueOf(row) as Owned | null | undefined
  return record?.id === row.id ? record : undefined
}

function wellFormed<T>(value: T): T {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part))
  return JSON.parse(text) as T
}
