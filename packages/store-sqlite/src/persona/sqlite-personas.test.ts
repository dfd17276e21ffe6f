import type { OwnedQuery } from '@executus/core/owned'
import type { Persona } from '@executus/persona'
import { personaStoreConformance } from '@executus/persona/testing'
import { expect, test } from 'vitest'

import { openSqlite } from '../open-sqlite.ts'
import { sqlitePersonaStore } from '../sqlite-persona-store.ts'
import { tempFile } from '../temp-folder.test-kit.ts'
import { type Part, partsOf } from './find-owned.ts'
import { change, openOwnedStores, planOf } from './owned-stores.test-kit.ts'

for (const { name, skip, run } of personaStoreConformance(() => openOwnedStores(sqlitePersonaStore, 'personas')))
  test(name, { skip: skip !== undefined }, run)

const MANY = { maxOfOwner: 100 }
const personaOf = (id: string, more: Partial<Persona> = {}): Persona => ({
  id,
  name: id,
  owner: 'ann',
  visibility: 'private',
  agent: {},
  version: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...more,
})

test('personas are there when the file is opened again, and a place in a list still holds', async () => {
  const path = tempFile()
  const first = await sqlitePersonaStore(path)
  for (const id of ['a', 'b', 'c']) await first.create(personaOf(id), MANY)
  const { next } = await first.list({ limit: 2 })
  await first.close()
  const second = await sqlitePersonaStore(path)
  expect(await second.list({ limit: 2, after: next! })).toEqual({ found: [personaOf('c')], damaged: [] })
  await second.close()
})

test('a number is not given twice, so that a place is never before what comes later', async () => {
  const store = await sqlitePersonaStore(tempFile())
  for (const id of ['a', 'b', 'c']) await store.create(personaOf(id), MANY)
  const { next } = await store.list({ limit: 2 })
  for (const id of ['b', 'c']) await store.remove(id)
  await store.create(personaOf('d'), MANY)
  expect((await store.list({ limit: 1, after: next! })).found).toEqual([personaOf('d')])
  await store.close()
})

test('one file serves several stores, and stays open when one is closed', async () => {
  const db = await openSqlite(tempFile())
  const [one, two] = [await sqlitePersonaStore(db), await sqlitePersonaStore(db)]
  await one.create(personaOf('a'), MANY)
  await one.close()
  await expect(one.find('a')).rejects.toMatchObject({ code: 'closed' })
  expect(await two.find('a')).toEqual(personaOf('a'))
  await db.close()
})

test.each([
  [`UPDATE personas SET visibility = 'public'`, { seenBy: { scopes: [] } }],
  [`UPDATE personas SET visibility = 'shared', scope = 'club'`, { seenBy: { scopes: ['club'] } }],
  [`UPDATE personas SET owner = 'eve'`, { owner: 'eve' }],
  [`UPDATE personas SET name_key = 'other'`, { nameKey: 'other' }],
  [`UPDATE personas SET id = 'other'`, {}],
  [`UPDATE personas SET crc = crc + 1`, {}],
  [`UPDATE personas SET body = 'null', crc = 1634250285`, {}],
])('what a column says by %s is not believed', async (sql, query) => {
  const path = tempFile()
  const store = await sqlitePersonaStore(path)
  await store.create(personaOf('a'), MANY)
  change(path, sql)
  const { found, damaged } = await store.list({ limit: 9, ...query })
  expect([found, damaged.length]).toEqual([[], 1])
  await store.close()
})

test('a half of a surrogate pair is looked for as it is kept', async () => {
  const store = await sqlitePersonaStore(tempFile())
  await store.create(personaOf('a\ud800', { owner: 'b\ud800' }), MANY)
  const kept = personaOf('a\ufffd', { owner: 'b\ufffd' })
  expect(await store.find('a\ud800')).toEqual(kept)
  expect(await store.list({ limit: 9, owner: 'b\ud800' })).toEqual({ found: [kept], damaged: [] })
  expect(await store.list({ limit: 9, nameKey: 'a\ufffd', text: 'A\ud800' })).toEqual({ found: [kept], damaged: [] })
  await store.close()
})

test('a store is told what is no persona as a mistake', async () => {
  const store = await sqlitePersonaStore(tempFile())
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  await expect(store.create(personaOf('a', { agent: circle }), MANY)).rejects.toThrow(TypeError)
  expect(await store.find('a')).toBeUndefined()
  await store.close()
})

/** What each part of a query is found by. */
const EVERY: Readonly<Record<string, readonly [Partial<OwnedQuery>, ...(readonly string[])]>> = {
  all: [{}, 'INTEGER PRIMARY KEY'],
  text: [{ text: 'a' }, 'INTEGER PRIMARY KEY'],
  owner: [{ owner: 'ann' }, '_of_owner'],
  visibility: [{ visibility: 'private' }, '_of_visibility'],
  scope: [{ scope: 'club' }, '_of_scope'],
  name: [{ nameKey: 'a' }, '_named'],
  'own name': [{ nameKey: 'a', owner: 'ann' }, 'sqlite_autoindex'],
  seen: [{ seenBy: { id: 'ann', scopes: ['club', 'pub'] } }, '_of_owner', '_of_scope', '_of_scope', '_of_visibility'],
  'seen by nobody': [{ seenBy: { scopes: [] } }, '_of_visibility'],
}

test.each(Object.keys(EVERY))('a list by %s comes from an index in its order', async (name) => {
  const path = tempFile()
  await (await sqlitePersonaStore(path)).close()
  const [query, ...indexes] = EVERY[name]!
  for (const table of ['personas', 'skills'] as const) {
    const plans = partsOf(table, { limit: 9, ...query }).map(({ sql, values }) => planOf(path, sql, values))
    expect(plans.length).toBe(indexes.length)
    for (const [at, index] of indexes.entries())
      expect(plans[at]).toMatch(new RegExp(`^SEARCH ${table} USING .*${index}`))
    expect(plans.join()).not.toContain('TEMP B-TREE')
  }
})

test('a name that somebody sees is found by an index that holds few rows', async () => {
  const path = tempFile()
  await (await sqlitePersonaStore(path)).close()
  for (const part of [{ owner: 'ann' }, { visibility: 'shared', scope: 'club' }, { visibility: 'public' }] as const) {
    const [{ sql, values }] = partsOf('personas', { nameKey: 'a', limit: 2, ...part }) as [Part]
    expect(planOf(path, sql, values)).toMatch(
      /^SEARCH personas USING INDEX (sqlite_autoindex|personas_named|personas_of_scope)/,
    )
  }
})
