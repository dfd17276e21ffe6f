// The suite is held to its own purpose: it lets a sound store pass, and each of these fail.
import { expect, test } from 'vitest'

import { memoryOwnedStore } from '../memory-owned-store.ts'
import { type Note, noteContent, noteKind } from '../note.test-kit.ts'
import type { OwnedQuery, OwnedStore } from '../owned-store.ts'
import { ownedStoreConformance } from './conformance.ts'

type NoteStore = OwnedStore<Note>
type Flaw = (store: NoteStore) => Partial<NoteStore>

const FLAWS: Readonly<Record<string, Flaw>> = {
  'takes an id twice': (store) => ({
    create: (note, options) => store.create(note, options).catch(() => 'created'),
  }),
  'keeps more than there may be': (store) => ({ create: (note) => store.create(note, { maxOfOwner: 9_999 }) }),
  'does not look at the version': (store) => ({
    async update(note, options) {
      const { version } = (await store.find(note.id)) ?? { version: options.expectVersion }
      return store.update(note, { expectVersion: version })
    },
  }),
  'keeps the old owner': (store) => ({
    update: (note, options) => store.update({ ...note, owner: 'ann' }, options),
  }),
  'creates what is not there to be updated': (store) => ({
    async update(note, options) {
      if ((await store.find(note.id)) === undefined) await store.create(note, { maxOfOwner: 9 })
      else await store.update(note, options)
    },
  }),
  'gives out what it holds': (store) => {
    const held = new Map<string, Awaited<ReturnType<NoteStore['find']>>>()
    return {
      async find(id) {
        if (!held.has(id)) held.set(id, await store.find(id))
        return held.get(id)
      },
    }
  },
  'shows private ones to everybody': (store) => ({
    list: (query) => store.list(without('seenBy', query)),
  }),
  'lists newest first': (store) => ({
    list: async (query) => {
      const page = await store.list(query)
      return { ...page, found: page.found.toReversed() }
    },
  }),
  'repeats the first page': (store) => ({ list: (query) => store.list(without('after', query)) }),
  'looks for the letters of a text as they are': (store) => ({
    list: async ({ text, ...query }) => {
      const page = await store.list(query)
      const fits = page.found.filter(({ name }) => text === undefined || name.includes(text))
      return { ...page, found: fits }
    },
  }),
  'removes nothing': () => ({ remove: () => Promise.resolve(true) }),
  'removes any version': (store) => ({ remove: (id) => store.remove(id) }),
  'stays open': () => ({ close: () => Promise.resolve() }),
  'takes any limit': (store) => ({ list: (query) => store.list({ ...query, limit: Math.max(1, query.limit || 1) }) }),
}

function without(key: keyof OwnedQuery, query: OwnedQuery): OwnedQuery {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== key)) as unknown as OwnedQuery
}

async function failuresOf(flaw?: Flaw): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, skip, run } of ownedStoreConformance(() => open(flaw), noteContent, {
    supports: { damage: false },
  }))
    if (skip === undefined) await run().catch(() => failed.push(name))
  return failed
}

function open(flaw: Flaw = () => ({})): { connect(): Promise<NoteStore> } {
  const memory = memoryOwnedStore<Note>(noteKind)
  return {
    connect() {
      const one = memory.connect()
      const store: NoteStore = {
        create: (...args) => one.create(...args),
        update: (...args) => one.update(...args),
        find: (...args) => one.find(...args),
        list: (...args) => one.list(...args),
        remove: (...args) => one.remove(...args),
        close: () => one.close(),
      }
      return Promise.resolve({ ...store, ...flaw(store) })
    },
  }
}

test('a sound store fails no case', async () => {
  expect(await failuresOf()).toEqual([])
})

test.each(Object.keys(FLAWS))('a store that %s fails', async (flaw) => {
  expect(await failuresOf(FLAWS[flaw])).not.toEqual([])
})

test('a case that `open` has no means for is left out, with the reason', () => {
  const skipped = ownedStoreConformance(open, noteContent, { supports: { damage: false } }).filter(
    ({ skip }) => skip !== undefined,
  )
  expect(skipped.map(({ skip }) => skip)).toEqual(['not supported: damage'])
})
