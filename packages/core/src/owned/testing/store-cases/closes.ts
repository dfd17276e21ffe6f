import { MANY, rejects, type StoreCase } from './store-case.ts'

export const closeCases: readonly StoreCase[] = [
  {
    name: 'a store that is closed rejects every call but another close, and others go on',
    async check({ itemOf, keep, store, other }) {
      await keep(store, 'a')
      await store.close()
      await store.close()
      const calls = {
        create: () => store.create(itemOf('b'), MANY),
        update: () => store.update(itemOf('a'), { expectVersion: 1 }),
        find: () => store.find('a'),
        list: () => store.list({ limit: 1 }),
        remove: () => store.remove('a'),
      }
      for (const [name, call] of Object.entries(calls)) await rejects(call(), 'closed', name)
      await keep(other, 'b')
    },
  },
]
