import assert from 'node:assert/strict'

import {
  amounts,
  apply,
  CHARGE,
  counter,
  entry,
  hold,
  ODD_STRINGS,
  rejects,
  SETTLED,
  type StoreCase,
} from './store-case.ts'

export const chargeCases: readonly StoreCase[] = [
  {
    name: 'find gives what was kept of a run last, and nothing of one that is not known',
    async check({ store, other }) {
      assert.equal(await store.find('nobody'), undefined)
      const epoch = await apply(store, entry('r', []))
      assert.deepEqual(await other.find('r'), { epoch, charge: CHARGE })
      const next = await apply(other, entry('r', [], { expectEpoch: epoch, charge: SETTLED }))
      assert.ok(next > epoch, 'the epoch grows')
      assert.deepEqual(await store.find('r'), { epoch: next, charge: SETTLED })
    },
  },
  {
    name: 'apply with another epoch than the kept one rejects with fenced, and changes nothing',
    async check({ store, other }) {
      await rejects(store.apply(entry('r', [hold({ tokens: 1 })], { expectEpoch: 1 })), 'fenced', 'one that is new')
      const first = await apply(store, entry('r', []))
      const second = await apply(store, entry('r', [], { expectEpoch: first }))
      for (const expectEpoch of [0, first, second + 1])
        await rejects(
          other.apply(entry('r', [hold({ tokens: 1 })], { expectEpoch, charge: SETTLED })),
          'fenced',
          String(expectEpoch),
        )
      assert.deepEqual(await store.find('r'), { epoch: second, charge: CHARGE })
      const [counts] = await store.count([counter()])
      assert.equal(counts?.reserved.tokens, 0)
    },
  },
  {
    name: 'of two openings that change one run at once, one is fenced, each time',
    async check({ store, other, races }) {
      for (let index = 0; index < Math.min(races, 100); index++) {
        const runId = `r${index}`
        const answers = await Promise.allSettled(
          [store, other].map((one) => one.apply(entry(runId, [hold({ tokens: 1 })]))),
        )
        assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1, runId)
      }
      const [counts] = await store.count([counter()])
      assert.equal(counts?.reserved.tokens, Math.min(races, 100))
    },
  },
  {
    name: 'ids of runs are any strings',
    async check({ store, other }) {
      for (const [index, runId] of ODD_STRINGS.entries())
        await apply(store, entry(runId, [], { charge: { ...CHARGE, total: amounts({ tokens: index }) } }))
      for (const [index, runId] of ODD_STRINGS.entries())
        assert.equal((await other.find(runId))?.charge.total.tokens, index, runId.slice(0, 20))
    },
  },
  {
    name: 'charges that were given out, and taken in, are copies',
    async check({ store }) {
      const given = structuredClone(CHARGE) as unknown as { isCounted: boolean; lines: { account: string }[] }
      await apply(store, entry('r', [], { charge: given as unknown as typeof CHARGE }))
      given.lines[0]!.account = 'somebody else'
      const found = (await store.find('r'))!.charge as unknown as typeof given
      found.isCounted = false
      found.lines.pop()
      assert.deepEqual((await store.find('r'))?.charge, CHARGE)
    },
  },
  {
    name: 'what was kept is there for an opening that comes later',
    async check({ store, connect }) {
      await apply(store, entry('r', [hold({ tokens: 4 })]))
      await store.close()
      const later = await connect()
      assert.deepEqual((await later.find('r'))?.charge, CHARGE)
      const [counts] = await later.count([counter()])
      assert.equal(counts?.reserved.tokens, 4)
    },
  },
  {
    name: 'every call to a closed store rejects with closed, and the other openings go on',
    async check({ store, other }) {
      await store.close()
      await store.close()
      const grant = { grantId: 'g', account: 'ann', extra: amounts(), untilMs: 1 }
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        count: () => store.count([counter()]),
        find: () => store.find('r'),
        apply: () => store.apply(entry('r', [])),
        addGrant: () => store.addGrant(grant),
        grants: () => store.grants(['ann'], 0),
        sweep: () => store.sweep({ beforeMs: 0, limit: 1 }),
      }
      for (const [name, call] of Object.entries(calls)) await rejects(call(), 'closed', name)
      await apply(other, entry('r', []))
    },
  },
]
