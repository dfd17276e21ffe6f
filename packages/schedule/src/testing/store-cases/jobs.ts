import assert from 'node:assert/strict'

import { firingOf, idleJob, jobOf, rejects, type StoreCase, STRANGE_TEXTS } from './store-case.ts'

export const jobCases: readonly StoreCase[] = [
  {
    name: 'a job is given as it was taken, all fields of it, to whoever has opened the store',
    async check({ store, other }) {
      const full = jobOf('full', {
        name: 'Morning',
        owner: 'eve',
        trigger: { cron: '0 9 * * *', timeZone: 'Europe/Oslo' },
        payload: { text: 'tea', list: [1, null, { deep: true }] },
        missed: 'all',
        jitterMs: 5,
        timeoutMs: 6,
        mayOverlap: true,
        lastAtMs: 7,
        lastOutcome: 'failed',
        runs: 8,
        busyUntilMs: 9,
        endedAtMs: 10,
        version: 11,
        revision: 12,
      })
      await store.add(full)
      await store.add(idleJob('bare', { isEnabled: false }))
      assert.deepEqual(await other.get('full'), full)
      assert.deepEqual(await other.get('bare'), idleJob('bare', { isEnabled: false }))
    },
  },
  {
    name: 'a job of an id that is there is refused, and the first stays',
    async check({ store, other }) {
      await store.add(jobOf('a', { payload: 1 }))
      await rejects(other.add(jobOf('a', { payload: 2 })), 'exists', 'a second job of an id')
      assert.equal((await store.get('a'))?.payload, 1)
    },
  },
  {
    name: 'what is not there is not found, not changed and not removed',
    async check({ store }) {
      await store.add(jobOf('a'))
      assert.equal(await store.get('nobody'), undefined)
      assert.equal(await store.save(jobOf('nobody'), { expectRevision: 1, keep: 9 }), false)
      assert.equal(await store.get('nobody'), undefined)
      assert.equal(await store.remove('nobody'), false)
      assert.deepEqual(await store.history('nobody', { limit: 9 }), [])
      assert.equal((await store.list({ limit: 9 })).jobs.length, 1)
    },
  },
  {
    name: 'ids, names, owners and payloads are any strings',
    async check({ store, other }) {
      for (const [index, text] of STRANGE_TEXTS.entries())
        await store.add(
          jobOf(text, { name: text, owner: text, payload: { [`key ${text}`]: text }, createdAtMs: index }),
        )
      for (const [index, text] of STRANGE_TEXTS.entries()) {
        const found = await other.get(text)
        const wanted = jobOf(text, { name: text, owner: text, payload: { [`key ${text}`]: text }, createdAtMs: index })
        assert.deepEqual(found, wanted)
        const owned = await other.list({ limit: 99, owner: text })
        assert.deepEqual(owned.jobs, [wanted])
        const firing = firingOf(text, 1_000, { outcome: 'failed', error: text })
        assert.equal(await other.save(wanted, { expectRevision: 1, firings: [firing], keep: 9 }), true)
        assert.deepEqual(await store.history(text, { limit: 9 }), [firing])
      }
      for (const text of STRANGE_TEXTS) assert.equal(await store.remove(text), true)
      assert.deepEqual(await store.list({ limit: 99 }), { jobs: [], damaged: [] })
    },
  },
  {
    name: 'half of a surrogate pair does no harm',
    async check({ store }) {
      const half = 'half \ud83d of a pair'
      await store.add(jobOf(half, { name: half, payload: half }))
      const found = await store.get(half)
      assert.equal(found?.id.toWellFormed(), half.toWellFormed())
      assert.equal(await store.remove(half), true)
      assert.equal(await store.get(half), undefined)
    },
  },
  {
    name: 'jobs are copied on the way in and on the way out',
    async check({ store }) {
      const payload = { list: [1] }
      await store.add(jobOf('a', { payload }))
      payload.list.push(2)
      const given = (await store.get('a'))!.payload as typeof payload
      assert.deepEqual(given, { list: [1] })
      given.list.push(3)
      const listed = (await store.list({ limit: 1 })).jobs[0]!.payload as typeof payload
      assert.deepEqual(listed, { list: [1] })
      listed.list.push(4)
      const [due] = (await store.due({ limit: 1, nowMs: 1_000 })).jobs
      assert.deepEqual(due?.payload, { list: [1] })
      const change = { list: [5] }
      await store.save(jobOf('a', { payload: change }), { expectRevision: 1, keep: 9 })
      change.list.push(6)
      assert.deepEqual((await store.get('a'))?.payload, { list: [5] })
    },
  },
  {
    name: 'a removed job is gone with its history, and its id can be used again',
    async check({ store, other }) {
      await store.add(jobOf('a'))
      await store.save(jobOf('a'), { expectRevision: 1, firings: [firingOf('a', 1_000)], keep: 9 })
      assert.equal(await other.remove('a'), true)
      assert.equal(await store.remove('a'), false)
      assert.equal(await store.get('a'), undefined)
      assert.equal(await store.nextAt(0), undefined)
      await store.add(jobOf('a', { payload: 'new' }))
      assert.deepEqual(await store.history('a', { limit: 9 }), [])
      assert.equal((await store.get('a'))?.payload, 'new')
    },
  },
  {
    name: 'a closed store refuses everything but to be closed again, and what was opened beside it goes on',
    async check({ store, other }) {
      await store.add(jobOf('a'))
      await store.close()
      await store.close()
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        add: () => store.add(jobOf('b')),
        get: () => store.get('a'),
        save: () => store.save(jobOf('a'), { expectRevision: 1, keep: 9 }),
        remove: () => store.remove('a'),
        list: () => store.list({ limit: 9 }),
        due: () => store.due({ limit: 9, nowMs: 9 }),
        nextAt: () => store.nextAt(0),
        history: () => store.history('a', { limit: 9 }),
        sweep: () => store.sweep({ endedBeforeMs: 9, limit: 9 }),
      }
      for (const [name, call] of Object.entries(calls)) await rejects(call(), 'closed', name)
      assert.deepEqual(await other.get('a'), jobOf('a'))
    },
  },
  {
    name: 'a damaged job is corrupt when it is asked for, named apart in a page, hides no other, and can be removed',
    needs: ['damage'],
    async check({ store, other, damage }) {
      for (const id of ['a', 'b', 'c']) await store.add(jobOf(id, { owner: 'eve' }))
      await damage('b')
      await rejects(store.get('b'), 'corrupt', 'get')
      await rejects(store.save(jobOf('b'), { expectRevision: 1, keep: 9 }), 'corrupt', 'save')
      for (const page of [await other.list({ limit: 9, owner: 'eve' }), await other.due({ limit: 9, nowMs: 1_000 })]) {
        assert.deepEqual(
          page.jobs.map(({ id }) => id),
          ['a', 'c'],
        )
        assert.deepEqual(page.damaged, ['b'])
      }
      const first = await other.list({ limit: 2 })
      const second = await other.list({ limit: 2, after: first.next! })
      assert.deepEqual([...first.damaged, ...second.damaged], ['b'])
      assert.deepEqual(
        [...first.jobs, ...second.jobs].map(({ id }) => id),
        ['a', 'c'],
      )
      assert.equal(await other.remove('b'), true)
      assert.deepEqual((await store.list({ limit: 9 })).damaged, [])
    },
  },
]
