import assert from 'node:assert/strict'

import { idsOf, keep, MANY, skillOf, rejects, type StoreCase } from './store-case.ts'

/** Strings that have broken stores. */
const STRANGE = [
  ' ',
  "'; DROP TABLE skills; --",
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
    async check({ store, other }) {
      assert.equal(await store.find('a'), undefined)
      const skill = await keep(store, 'a', { visibility: 'shared', scope: 'guild', createdAtMs: -1.5 })
      assert.deepEqual(await other.find('a'), skill)
      assert.deepEqual((await other.list({ limit: 9 })).found, [skill])
      assert.equal(await other.find('A'), undefined)
      assert.equal(await other.find(''), undefined)
    },
  },
  {
    name: 'what is given and what is got are copies',
    async check({ store }) {
      const given = skillOf('a') as { name: string; agent: { tools: string[] } } & ReturnType<typeof skillOf>
      await store.create(given, MANY)
      given.agent.tools.push('later')
      given.name = 'later'
      for (const get of [() => store.find('a'), async () => (await store.list({ limit: 1 })).found[0]]) {
        const got = (await get()) as typeof given
        assert.deepEqual([got.name, got.agent.tools], ['a', ['look']])
        got.agent.tools.push('mine')
        got.name = 'mine'
        assert.deepEqual(await get(), skillOf('a'))
      }
    },
  },
  {
    name: 'an id is taken once, and a name once by each owner, whatever the case of its letters',
    async check({ store, other }) {
      await keep(store, 'a', { name: 'Ännchen' })
      await rejects(other.create(skillOf('a', { name: 'other', owner: 'bob' }), MANY), 'exists', 'an id that is taken')
      await rejects(other.create(skillOf('b', { name: 'änNCHEN' }), MANY), 'exists', 'a name that is taken')
      await keep(other, 'c', { name: 'Ännchen', owner: 'bob' })
      assert.deepEqual(await idsOf(store), ['a', 'c'])
    },
  },
  {
    name: 'an owner has no more than there may be',
    async check({ store, other }) {
      const most = { maxOfOwner: 2 }
      for (const id of ['a', 'b']) assert.equal(await store.create(skillOf(id), most), 'created')
      assert.equal(await other.create(skillOf('c'), most), 'too-many')
      assert.equal(await other.find('c'), undefined)
      assert.equal(await other.create(skillOf('d', { owner: 'bob' }), most), 'created')
      await store.remove('a')
      assert.equal(await other.create(skillOf('c'), most), 'created')
    },
  },
  {
    name: 'ids, owners, names and scopes of any letters stay apart',
    async check({ store, other }) {
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
    async check({ store }) {
      await keep(store, 'a', { agent: { instructions: 'x\ud800y' } })
      const instructions = (await store.find('a'))?.agent.instructions
      assert.ok(instructions === 'x\ud800y' || instructions === 'x\ufffdy')
    },
  },
]
