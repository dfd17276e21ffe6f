import { checkCount } from '@executus/core/check-option'
import type { OwnedQuery } from '@executus/core/owned'

import type { SqliteValue } from '../sqlite-database.ts'
import type { OwnedTable } from './owned-tables.ts'

export interface OwnedRow {
  readonly number: number
  readonly id: string
  readonly crc: number
  readonly body: string
}

/** A statement whose rows come from an index in the order of their numbers, and stop early. */
export interface Part {
  readonly sql: string
  readonly values: readonly SqliteValue[]
}

/** SQLite's largest LIMIT that a number of JavaScript binds as an integer. */
const MOST = 2 ** 31 - 2

/**
 * What a query asks, of each reason for which somebody sees a row apart: the parts are merged by number then. Text must be
 * folded as the rows' `words` are.
 *
 * @throws RangeError for a page that is none
 */
export function partsOf(table: OwnedTable, query: OwnedQuery): readonly Part[] {
  const { seenBy } = query
  if (seenBy === undefined) return [partOf(table, query, [])]
  const { id } = seenBy
  return [
    ...(id === undefined ? [] : [partOf(table, query, [['owner = ?', id]])]),
    ...[...new Set(seenBy.scopes)].map((scope) =>
      partOf(table, query, [['scope = ?', scope], [`visibility = 'shared'`]]),
    ),
    partOf(table, query, [[`visibility = 'public'`]]),
  ]
}

type Condition = readonly [sql: string, value?: SqliteValue]

function partOf(table: OwnedTable, query: OwnedQuery, reason: readonly Condition[]): Part {
  const { owner, visibility, scope, nameKey, text } = query
  const conditions: readonly Condition[] = [
    ...reason,
    ...(owner === undefined ? [] : [['owner = ?', owner] as const]),
    ...(visibility === undefined ? [] : [['visibility = ?', visibility] as const]),
    ...(scope === undefined ? [] : [['scope = ?', scope] as const]),
    ...(nameKey === undefined ? [] : [['name_key = ?', nameKey] as const]),
    ...(text === undefined ? [] : [['instr(words, ?) > 0', text] as const]),
    ['number > ?', numberAfter(query.after)],
  ]
  // There are three visibilities: an index of them is for when there is no better one, which a `+` tells SQLite.
  const isBetter = conditions.some(([sql]) => /^(owner|scope|name_key)/.test(sql))
  const where = conditions.map(([sql]) => (isBetter ? sql.replace(/^visibility/, '+visibility') : sql)).join(' AND ')
  return {
    sql: `SELECT number, id, crc, body FROM ${table} WHERE ${where} ORDER BY number LIMIT ?`,
    // One more than the page holds tells whether there is a next.
    values: [...conditions.flatMap(([, value]) => (value === undefined ? [] : [value])), limitOf(query) + 1],
  }
}

/** @throws RangeError */
export function limitOf({ limit }: OwnedQuery): number {
  checkCount('query.limit', limit, 1)
  return Math.min(limit, MOST)
}

/** The page that the rows of all parts make: a row may be seen for several reasons. */
export function merge(
  parts: readonly (readonly OwnedRow[])[],
  limit: number,
): { rows: readonly OwnedRow[]; hasMore: boolean } {
  const byNumber = new Map(parts.flat().map((row) => [row.number, row]))
  const rows = [...byNumber.values()].toSorted((a, b) => a.number - b.number)
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

function numberAfter(after: string | undefined): number {
  if (after === undefined) return 0
  if (!/^\d{1,15}$/.test(after)) throw new RangeError('Expected `query.after` to be the `next` of an earlier page')
  return Number(after)
}
