import assert from 'node:assert/strict'

import { idsOf, MANY, rejects, type StoreCase } from './store-case.ts'

export const changeCases: readonly StoreCase[] = [
  {
    name: 'an update replaces all of it and keeps its place',
    async check({ itemOf, keep, store, other }) {
      await keep(store, 'a', { visibility: 'shared', scope: 'guild' })
      await keep(store, 'b')
      const changed = itemOf('a', { name: 'new', owner: 'bob', visibility: 'public', version: 2 })
      await other.update(changed, { expectVersion: 1 })
      assert.deepEqual(await store.find('a'), changed)
      assert.deepEqual((await store.list({ limit: 9 })).found, [changed, itemOf('b')])
      assert.deepEqual(await idsOf(store, { owner: 'ann' }), ['b'])
      assert.deepEqual(await idsOf(store, { scope: 'guild' }), [])
      assert.deepEqual(await idsOf(store, { nameKey: 'new' }), ['a'])
      assert.deepEqual(await idsOf(store, { nameKey: 'a' }), [])
    },
  },
  {
    name: 'an update of another version is fenced, is told the version, and changes nothing',
    async check({ itemOf, keep, store, other }) {
      await keep(store, 'a')
      await store.update(itemOf('a', { version: 17 }), { expectVersion: 1 })
      for (const expectVersion of [1, 2, 16, 18]) {
        const stale = other.update(itemOf('a', { version: 3, name: 'late' }), { expectVersion })
        const error = await rejects(stale, 'fenced', 'an update of another version')
        assert.match(error.message, /\b17\b/)
      }
      assert.deepEqual(await store.find('a'), itemOf('a', { version: 17 }))
    },
  },
  {
    name: 'what is not there cannot be updated',
    async check({ itemOf, store }) {
      await rejects(store.update(itemOf('a'), { expectVersion: 1 }), 'not-found', 'an update of nothing')
      assert.equal(await store.find('a'), undefined)
    },
  },
  {
    name: 'a new name must be free, but for one’s own in other letters',
    async check({ itemOf, keep, store }) {
      await keep(store, 'a')
      await keep(store, 'b')
      await rejects(
        store.update(itemOf('a', { name: 'B', version: 2 }), { expectVersion: 1 }),
        'exists',
        'a name that is taken',
      )
      assert.deepEqual(await store.find('a'), itemOf('a'))
      await store.update(itemOf('a', { name: 'A', version: 2 }), { expectVersion: 1 })
      assert.equal((await store.find('a'))?.name, 'A')
    },
  },
  {
    name: 'what is removed is gone, its name is free, and it does not come back',
    async check({ itemOf, keep, store, other }) {
      await keep(store, 'a')
      await rejects(other.remove('a', { expectVersion: 2 }), 'fenced', 'a removal of another version')
      assert.equal(await other.remove('a', { expectVersion: 1 }), true)
      assert.equal(await store.remove('a', { expectVersion: 1 }), false)
      assert.equal(await store.remove('a'), false)
      assert.equal(await store.find('a'), undefined)
      assert.deepEqual(await idsOf(store), [])
      await rejects(store.update(itemOf('a', { version: 2 }), { expectVersion: 1 }), 'not-found', 'an update')
      await keep(other, 'b', { name: 'a' })
    },
  },
  {
    name: 'of updates at once from the same version one counts',
    async check({ itemOf, keep, store, other }) {
      await keep(store, 'a')
      for (let version = 1; version <= 20; version++) {
        const tries = [store, other, store, other].map((one, index) =>
          one.update(itemOf('a', { version: version + 1, name: `n${index}` }), { expectVersion: version }),
        )
        const ended = await Promise.allSettled(tries)
        const won = ended.flatMap(({ status }, index) => (status === 'fulfilled' ? [`n${index}`] : []))
        assert.equal(won.length, 1)
        for (const [index, one] of tries.entries())
          if (ended[index]!.status === 'rejected') await rejects(one, 'fenced', 'a lost update')
        assert.equal((await other.find('a'))?.name, won[0])
      }
    },
  },
  {
    name: 'of items of one name that are made at once one is, and an owner has no more than there may be',
    async check({ itemOf, store, other }) {
      const same = [store, other, store].map((one, index) => one.create(itemOf(`i${index}`, { name: 'same' }), MANY))
      assert.equal((await Promise.allSettled(same)).filter(({ status }) => status === 'fulfilled').length, 1)
      const made = await Promise.all(
        [store, other, store, other].map((one, index) =>
          one.create(itemOf(`b${index}`, { owner: 'bob' }), { maxOfOwner: 2 }),
        ),
      )
      assert.deepEqual(made.toSorted(), ['created', 'created', 'too-many', 'too-many'])
    },
  },
]
