import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'

import { plain } from '../../plain.ts'
import { idsOf, MANY, rejects, type StoreCase } from './store-case.ts'

/** Strings that have broken stores. */
const STRANGE = [
  ' ',
  "'; DROP TABLE items; --",
  '"quoted"',
  'a\0b',
  'a',
  '\u{1f600}',
  '%',
  '_',
  'ä',
  '\u{202e}back',
  '__proto__',
  'x'.repeat(10_000),
]

export const keepCases: readonly StoreCase[] = [
  {
    name: 'what is created is found as it was by everybody, and nothing else is',
    async check({ keep, store, other }) {
      assert.equal(await store.find('a'), undefined)
      const item = await keep(store, 'a', { visibility: 'shared', scope: 'guild', createdAtMs: -1.5 })
      assert.deepEqual(await other.find('a'), item)
      assert.deepEqual((await other.list({ limit: 9 })).found, [item])
      assert.equal(await other.find('A'), undefined)
      assert.equal(await other.find(''), undefined)
    },
  },
  {
    name: 'what is given and what is got are copies',
    async check({ itemOf, store }) {
      const given = itemOf('a')
      await store.create(given, MANY)
      spoil(given)
      for (const get of [() => store.find('a'), async () => (await store.list({ limit: 1 })).found[0]]) {
        const got = await get()
        assert.deepEqual(got, itemOf('a'))
        spoil(got)
        assert.deepEqual(await get(), itemOf('a'))
      }
    },
  },
  {
    name: 'an id is taken once, and a name once by each owner, whatever the case of its letters',
    async check({ itemOf, keep, store, other }) {
      await keep(store, 'a', { name: 'Ännchen' })
      await rejects(other.create(itemOf('a', { name: 'other', owner: 'bob' }), MANY), 'exists', 'an id that is taken')
      await rejects(other.create(itemOf('b', { name: 'änNCHEN' }), MANY), 'exists', 'a name that is taken')
      await keep(other, 'c', { name: 'Ännchen', owner: 'bob' })
      assert.deepEqual(await idsOf(store), ['a', 'c'])
    },
  },
  {
    name: 'an owner has no more than there may be',
    async check({ itemOf, store, other }) {
      const most = { maxOfOwner: 2 }
      for (const id of ['a', 'b']) assert.equal(await store.create(itemOf(id), most), 'created')
      assert.equal(await other.create(itemOf('c'), most), 'too-many')
      assert.equal(await other.find('c'), undefined)
      assert.equal(await other.create(itemOf('d', { owner: 'bob' }), most), 'created')
      await store.remove('a')
      assert.equal(await other.create(itemOf('c'), most), 'created')
    },
  },
  {
    name: 'ids, owners, names and scopes of any letters stay apart',
    async check({ keep, store, other }) {
      for (const text of STRANGE)
        await keep(store, text, { owner: text, name: text, visibility: 'shared', scope: text })
      for (const text of STRANGE) {
        assert.equal((await other.find(text))?.name, text)
        assert.deepEqual(await idsOf(other, { owner: text }), [text])
        assert.deepEqual(await idsOf(other, { scope: text }), [text])
        assert.deepEqual(await idsOf(other, { seenBy: { scopes: [text] } }), [text])
      }
      assert.deepEqual(await idsOf(other), STRANGE)
    },
  },
  {
    name: 'a half of a surrogate pair comes back, or well-formed',
    async check({ keep, store }) {
      const kept = await keep(store, 'a', { description: 'x\ud800y' })
      const found = await store.find('a')
      assert.ok(isDeepStrictEqual(found, kept) || isDeepStrictEqual(found, plain(kept)))
    },
  },
]

/** Changes all of it, however deep. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const part of Object.values(value)) spoil(part)
  if (Array.isArray(value)) value.push('later')
  else Object.assign(value, { name: 'later' })
}
