import assert from 'node:assert/strict'

import type { OwnedQuery, OwnedStore } from '../../owned-store.ts'
import type { Owned } from '../../owned.ts'
import { idsOf, rejects, type StoreCase, type StoreScene } from './store-case.ts'

async function pagesOf(
  store: OwnedStore<Owned>,
  query: OwnedQuery,
  between?: (ids: readonly string[]) => Promise<unknown>,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (let after: string | undefined, page = 0; page < 100; page++) {
    const { found, next } = await store.list({ ...query, ...(after !== undefined && { after }) })
    assert.ok(found.length <= query.limit, 'a page is no longer than asked for')
    ids.push(...found.map(({ id }) => id))
    if (next === undefined) return ids
    after = next
    await between?.(found.map(({ id }) => id))
  }
  throw new assert.AssertionError({ message: 'a list ends' })
}

async function fill(store: OwnedStore<Owned>, keep: StoreScene['keep']): Promise<void> {
  await keep(store, 'ann private', { description: 'Looks after TEA' })
  await keep(store, 'ann shared', { visibility: 'shared', scope: 'one' })
  await keep(store, 'ann public', { visibility: 'public' })
  await keep(store, 'bob private', { owner: 'bob', name: 'ann private', description: '100% tea_time' })
  await keep(store, 'bob shared', { owner: 'bob', visibility: 'shared', scope: 'two' })
  await keep(store, 'bob public', { owner: 'bob', visibility: 'public' })
}

export const listCases: readonly StoreCase[] = [
  {
    name: 'a list gives those that fit, in the order of their making',
    async check({ keep, store, other }) {
      await fill(store, keep)
      const ids = (query: Partial<OwnedQuery>) => idsOf(other, query)
      assert.deepEqual(await ids({ owner: 'bob' }), ['bob private', 'bob shared', 'bob public'])
      assert.deepEqual(await ids({ visibility: 'public' }), ['ann public', 'bob public'])
      assert.deepEqual(await ids({ visibility: 'private', owner: 'ann' }), ['ann private'])
      assert.deepEqual(await ids({ visibility: 'shared' }), ['ann shared', 'bob shared'])
      assert.deepEqual(await ids({ scope: 'two' }), ['bob shared'])
      assert.deepEqual(await ids({ nameKey: 'ann private' }), ['ann private', 'bob private'])
      assert.deepEqual(await ids({ nameKey: 'ann private', owner: 'bob' }), ['bob private'])
      assert.deepEqual(await ids({ owner: 'eve' }), [])
    },
  },
  {
    name: 'a search looks into names and descriptions, whatever the case, and takes each letter as it is',
    async check({ keep, store }) {
      await fill(store, keep)
      const ids = (text: string) => idsOf(store, { text })
      assert.deepEqual(await ids('tea'), ['ann private', 'bob private'])
      assert.deepEqual(await ids('PUBLIC'), ['ann public', 'bob public'])
      assert.deepEqual(await ids('100% tea_'), ['bob private'])
      assert.deepEqual(await ids('a%c'), [])
      assert.deepEqual(await ids('ann_private'), [])
      assert.deepEqual(await idsOf(store, { text: 'tea', owner: 'ann' }), ['ann private'])
    },
  },
  {
    name: 'somebody sees their own, what is shared with them, and what is public',
    async check({ keep, store }) {
      await fill(store, keep)
      const ids = (id: string | undefined, scopes: readonly string[], query: Partial<OwnedQuery> = {}) =>
        idsOf(store, { ...query, seenBy: { ...(id !== undefined && { id }), scopes } })
      assert.deepEqual(await ids(undefined, []), ['ann public', 'bob public'])
      assert.deepEqual(await ids('ann', []), ['ann private', 'ann shared', 'ann public', 'bob public'])
      assert.deepEqual(await ids('bob', ['one', 'two']), [
        'ann shared',
        'ann public',
        'bob private',
        'bob shared',
        'bob public',
      ])
      assert.deepEqual(await ids('eve', ['two', 'two']), ['ann public', 'bob shared', 'bob public'])
      assert.deepEqual(await ids('ann', ['two'], { owner: 'bob' }), ['bob shared', 'bob public'])
      assert.deepEqual(await ids('ann', [], { visibility: 'private' }), ['ann private'])
      assert.deepEqual(await ids('ann', [], { nameKey: 'ann private' }), ['ann private'])
    },
  },
  {
    name: 'pages follow each other without a gap and without a repetition, also while items come and go',
    async check({ keep, store, other }) {
      const ids = Array.from({ length: 25 }, (_, index) => `p${index}`)
      for (const [index, id] of ids.entries())
        await keep(store, id, index % 3 === 0 ? { visibility: 'public', owner: 'bob' } : {})
      const seenBy = { id: 'ann', scopes: ['one'] }
      for (const limit of [1, 7, 25, 26, Number.POSITIVE_INFINITY]) {
        assert.deepEqual(await pagesOf(other, { limit }), ids, `by ${limit}`)
        assert.deepEqual(await pagesOf(other, { limit, seenBy }), ids, `seen, by ${limit}`)
      }
      let made = 0
      const seen = await pagesOf(other, { limit: 5, owner: 'ann' }, async (page) => {
        await keep(store, `new ${made++}`, { owner: 'bob' })
        for (const id of page) await store.remove(id) // the place of the cursor among them
      })
      assert.deepEqual(
        seen,
        ids.filter((_, index) => index % 3 !== 0),
      )
    },
  },
  {
    name: 'a limit below 1 and a place that is none are refused',
    async check({ keep, store }) {
      await keep(store, 'a')
      for (const limit of [0, -1, 1.5, Number.NaN]) await assert.rejects(store.list({ limit }), RangeError)
      for (const after of ['', 'nonsense', '-1', '1; DROP TABLE items', '9'.repeat(400)])
        await assert.rejects(store.list({ limit: 1, after }), RangeError)
    },
  },
  {
    name: 'one that is damaged is told of, hides no other, and can be removed',
    needs: ['damage'],
    async check({ keep, store, other, damage }) {
      for (const id of ['a', 'b', 'c']) await keep(store, id)
      await damage('b')
      await rejects(other.find('b'), 'corrupt', 'to find what is damaged')
      const { found, damaged } = await other.list({ limit: 9 })
      assert.deepEqual([found.map(({ id }) => id), damaged], [['a', 'c'], ['b']])
      assert.deepEqual(await pagesOf(other, { limit: 1 }), ['a', 'c'])
      assert.equal((await other.find('a'))?.id, 'a')
      assert.equal(await other.remove('b'), true)
      assert.deepEqual((await store.list({ limit: 9 })).damaged, [])
    },
  },
]
