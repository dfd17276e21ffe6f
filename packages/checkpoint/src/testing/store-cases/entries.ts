import assert from 'node:assert/strict'

import type { JournalEntry, JsonValue } from '@executus/core'

import { begin, claimOne, infoOf, intent, rejects, said, type StoreCase } from './store-case.ts'

function result(value: unknown): JournalEntry {
  return { type: 'result', key: 'tool:a', kind: 'tool', value, atMs: 5 }
}

const VALUES: Readonly<Record<string, JsonValue>> = {
  nothing: null,
  numbers: [0, -1.5, 1e21, 5e-324, Number.MAX_SAFE_INTEGER],
  texts: ['', 'a\0b', '\u2028\u2029', '"quoted" \\ \'single\'', '𝄞 👩‍👩‍👧 é e\u0301', '\u0001\u001f\u007f'],
  names: { '': 1, 'a\0b': 2, ["it's"]: 3, constructor: 4, length: 5 },
  nested: Array.from({ length: 200 }).reduce<JsonValue>((inner) => [{ inner }], 'core'),
  large: 'é'.repeat(1_000_000),
  many: Array.from({ length: 5_000 }, (_, index) => ({ index, text: `item ${index}` })),
}

const IDS = [
  `it's "quoted"; DROP TABLE runs; --`,
  'a\0b',
  'a',
  'x'.repeat(10_000),
  '👩‍👩‍👧',
  ' ',
  '%',
  'R',
  'r',
  '../../etc/passwd',
  '1',
  '01',
]

export const entryCases: readonly StoreCase[] = [
  {
    name: 'append adds entries at the end, and tells how many there are',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      assert.deepEqual(await store.append(claim, [said('a')], { expectHead: 0 }), { head: 1 })
      assert.deepEqual(await store.append(claim, [intent('tool:b'), said('c')], { expectHead: 1 }), { head: 3 })
      assert.deepEqual(await other.read('r'), [said('a'), intent('tool:b'), said('c')])
      assert.equal((await other.find('r'))?.head, 3)
      await store.release(claim)
      assert.equal((await claimOne(other, 'r')).head, 3)
    },
  },
  {
    name: 'append of what is there already adds nothing, and of what has another head is refused',
    async check({ store }) {
      const claim = await begin(store, 'r')
      const entries = [said('a'), said('b')]
      for (let time = 0; time < 3; time++)
        assert.deepEqual(await store.append(claim, entries, { expectHead: 0 }), { head: 2 })
      await rejects(store.append(claim, [said('c')], { expectHead: 0 }), 'fenced', 'a head that is too low')
      await rejects(store.append(claim, [said('c')], { expectHead: 3 }), 'fenced', 'a head that is too high')
      assert.deepEqual(await store.read('r'), entries)
      assert.deepEqual(await store.append(claim, [said('c')], { expectHead: 2 }), { head: 3 })
    },
  },
  {
    name: 'append of nothing tells where the run stands',
    async check({ store }) {
      const claim = await begin(store, 'r')
      assert.deepEqual(await store.append(claim, [], { expectHead: 0 }), { head: 0 })
      assert.deepEqual(await store.read('r'), [])
    },
  },
  {
    name: 'a thousand entries in one append, and one each, come back in order',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      const entries = Array.from({ length: 1_000 }, (_, index) => said(`${index}`))
      await store.append(claim, entries, { expectHead: 0 })
      for (let index = 0; index < 100; index++)
        await store.append(claim, [said(`single ${index}`)], { expectHead: 1_000 + index })
      const read = await other.read('r')
      assert.deepEqual(read.slice(0, 1_000), entries)
      assert.deepEqual(
        read.slice(1_000),
        Array.from({ length: 100 }, (_, index) => said(`single ${index}`)),
      )
    },
  },
  {
    name: 'what is appended comes back as the same JSON',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      const entries = Object.values(VALUES).map(result)
      await store.append(claim, entries, { expectHead: 0 })
      const read = await other.read('r')
      for (const [index, name] of Object.keys(VALUES).entries()) assert.deepEqual(read[index], entries[index], name)
    },
  },
  {
    name: 'half a surrogate pair comes back as it was or well-formed, and spoils nothing',
    async check({ store, other }) {
      const claim = await begin(store, 'r')
      const text = 'half \ud800, other half \udc00.'
      await store.append(claim, [said(text), said('b')], { expectHead: 0 })
      const [first, second] = await other.read('r')
      assert.ok([text, text.toWellFormed()].some((one) => JSON.stringify(first) === JSON.stringify(said(one))))
      assert.deepEqual(second, said('b'))
    },
  },
  {
    name: 'what is taken in and what is given out are copies',
    async check({ store }) {
      const info = infoOf('r', { subject: 'before' })
      const made = await store.create({ runId: 'r', info })
      assert.ok(made.created)
      const list = ['before']
      await store.append(made.claim, [result(list)], { expectHead: 0 })
      Object.assign(info, { subject: 'after' })
      list.push('after')
      for (const read of [await store.read('r'), await store.read('r')]) {
        assert.deepEqual(read, [result(['before'])])
        ;((read[0] as { readonly value: unknown }).value as string[]).push('later')
      }
      for (const found of [await store.find('r'), await store.find('r')]) {
        assert.equal(found?.info.subject, 'before')
        Object.assign(found.info, { subject: 'later' })
      }
    },
  },
  {
    name: 'an append that cannot be written changes nothing',
    async check({ store }) {
      const claim = await begin(store, 'r')
      const circle: unknown[] = []
      circle.push(circle)
      await assert.rejects(store.append(claim, [said('a'), result(circle)], { expectHead: 0 }))
      assert.deepEqual(await store.read('r'), [])
      assert.deepEqual(await store.append(claim, [said('b')], { expectHead: 0 }), { head: 1 })
    },
  },
  {
    name: 'read of a run that is not there rejects with not-found',
    check: ({ store }) => rejects(store.read('nobody'), 'not-found', 'read'),
  },
  {
    name: 'any string is an id, and no two are taken for one',
    async check({ store, other }) {
      for (const id of IDS) {
        const claim = await begin(store, id)
        assert.equal(claim.runId, id)
        await store.append(claim, [said(id)], { expectHead: 0 })
        assert.equal(await store.deliver(id, { name: id, id, value: id, atMs: 1 }), 'accepted')
      }
      for (const id of IDS) {
        assert.deepEqual(await other.read(id), [said(id)])
        assert.equal((await other.find(id))?.runId, id)
      }
      const { runs } = await other.list({ limit: 100 })
      assert.deepEqual(
        runs.map(({ runId }) => runId),
        IDS,
      )
      await store.close()
      for (const id of IDS) assert.equal((await claimOne(other, id)).signals[0]?.name, id)
    },
  },
]
