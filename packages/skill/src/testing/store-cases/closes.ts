import { keep, MANY, skillOf, rejects, type StoreCase } from './store-case.ts'

export const closeCases: readonly StoreCase[] = [
  {
    name: 'a store that is closed rejects every call but another close, and others go on',
    async check({ store, other }) {
      await keep(store, 'a')
      await store.close()
      await store.close()
      const calls = {
        create: () => store.create(skillOf('b'), MANY),
        update: () => store.update(skillOf('a'), { expectVersion: 1 }),
        find: () => store.find('a'),
        list: () => store.list({ limit: 1 }),
        remove: () => store.remove('a'),
      }
      for (const [name, call] of Object.entries(calls)) await rejects(call(), 'closed', name)
      await keep(other, 'b')
    },
  },
]
