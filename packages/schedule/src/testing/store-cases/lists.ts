import assert from 'node:assert/strict'

import type { JobPage, ScheduleStore } from '../../schedule-store.ts'
import { idleJob, jobOf, type StoreCase } from './store-case.ts'

const idsOf = ({ jobs }: Pick<JobPage, 'jobs'>) => jobs.map(({ id }) => id)

async function pagesOf(
  page: (after: string | undefined) => Promise<JobPage>,
  limit: number,
  between?: (page: JobPage) => Promise<unknown>,
): Promise<string[]> {
  const found: string[] = []
  for (let after: string | undefined, count = 0; count < 100; count++) {
    const one = await page(after)
    assert.ok(one.jobs.length <= limit, 'a page is no longer than asked for')
    found.push(...idsOf(one))
    if (one.next === undefined) return found
    after = one.next
    await between?.(one)
  }
  throw new assert.AssertionError({ message: 'a list ends' })
}

/** In the order of making: d1 c3 b1 a- e2 f-. */
async function makeSix(store: ScheduleStore): Promise<void> {
  const at = (id: string, ms: number) =>
    store.add(jobOf(id, { dueAtMs: ms, nextAtMs: ms, owner: ms > 1 ? 'eve' : 'bob' }))
  await at('d1', 1)
  await at('c3', 3)
  await at('b1', 1)
  await store.add(idleJob('a-', { owner: 'eve' }))
  await at('e2', 2)
  await store.add(idleJob('f-'))
}

export const listCases: readonly StoreCase[] = [
  {
    name: 'list gives jobs by their next time, those of one time in the order of making, and those without one last',
    async check({ store, other }) {
      assert.deepEqual(await store.list({ limit: 9 }), { jobs: [], damaged: [] })
      await makeSix(store)
      assert.deepEqual(idsOf(await other.list({ limit: 9 })), ['d1', 'b1', 'e2', 'c3', 'a-', 'f-'])
      assert.deepEqual(idsOf(await other.list({ limit: 9, owner: 'eve' })), ['e2', 'c3', 'a-'])
      assert.deepEqual(idsOf(await other.list({ limit: 9, owner: 'nobody' })), [])
    },
  },
  {
    name: 'pages of a list follow each other without a gap and without a repetition, whatever is removed in between',
    async check({ store, other }) {
      const ids = Array.from({ length: 23 }, (_, index) => `job ${index}`)
      for (const [index, id] of ids.entries()) {
        const atMs = Math.floor(index / 5)
        await store.add(index < 20 ? jobOf(id, { nextAtMs: atMs, dueAtMs: atMs, owner: 'eve' }) : idleJob(id))
      }
      for (const limit of [1, 7, 23, 24, Number.POSITIVE_INFINITY]) {
        const page = (after?: string) => other.list({ limit, ...(after !== undefined && { after }) })
        assert.deepEqual(await pagesOf(page, limit), ids, `by ${limit}`)
      }
      const owned = (after?: string) => other.list({ limit: 4, owner: 'eve', ...(after !== undefined && { after }) })
      assert.deepEqual(await pagesOf(owned, 4), ids.slice(0, 20))

      const seen = await pagesOf(
        (after) => other.list({ limit: 5, ...(after !== undefined && { after }) }),
        5,
        async ({ jobs }) => {
          for (const { id } of jobs) await store.remove(id)
        },
      )
      assert.deepEqual(seen, ids)
    },
  },
  {
    name: 'a page of none has no next, and a cursor that is none is refused',
    async check({ store }) {
      await makeSix(store)
      for (const limit of [0, -1]) {
        assert.deepEqual(await store.list({ limit }), { jobs: [], damaged: [] })
        assert.deepEqual(await store.due({ limit, nowMs: 9 }), { jobs: [], damaged: [] })
        assert.deepEqual(await store.history('d1', { limit }), [])
        assert.equal(await store.sweep({ endedBeforeMs: 9, limit }), 0)
      }
      for (const after of ['', 'x', '1', '1 2 3', '-1 0', '1; DROP TABLE jobs'])
        await assert.rejects(store.list({ limit: 9, after }), RangeError, `the cursor ${after}`)
    },
  },
  {
    name: 'due gives jobs whose time has come, the longest due first',
    async check({ store, other }) {
      await makeSix(store)
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 0 })), [])
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 1 })), ['d1', 'b1'])
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 2.5 })), ['d1', 'b1', 'e2'])
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 9e15 })), ['d1', 'b1', 'e2', 'c3'])
      const page = (after?: string) => other.due({ limit: 2, nowMs: 3, ...(after !== undefined && { after }) })
      assert.deepEqual(await pagesOf(page, 2), ['d1', 'b1', 'e2', 'c3'])
    },
  },
  {
    name: 'due leaves out jobs that are busy, unless they may overlap',
    async check({ store, other }) {
      await store.add(jobOf('busy', { busyUntilMs: 5_000 }))
      await store.add(jobOf('overlapping', { busyUntilMs: 5_000, mayOverlap: true }))
      await store.add(jobOf('given up', { busyUntilMs: 2_000 }))
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 2_000 })), ['overlapping', 'given up'])
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 4_999 })), ['overlapping', 'given up'])
      assert.deepEqual(idsOf(await other.due({ limit: 9, nowMs: 5_000 })), ['busy', 'overlapping', 'given up'])
      const { busyUntilMs: _, ...free } = jobOf('busy', { revision: 2 })
      await store.save(free, { expectRevision: 1, keep: 9 })
      assert.deepEqual(idsOf(await other.due({ limit: 1, nowMs: 2_000 })), ['busy'])
    },
  },
  {
    name: 'nextAt gives the first time after a time',
    async check({ store, other }) {
      assert.equal(await store.nextAt(0), undefined)
      await makeSix(store)
      const found = []
      for (const afterMs of [-1, 0, 1, 1.5, 2, 3, 9e15]) found.push(await other.nextAt(afterMs))
      assert.deepEqual(found, [1, 1, 2, 2, 3, undefined, undefined])
    },
  },
  {
    name: 'sweep forgets jobs that ended before a time, the oldest first',
    async check({ store, other }) {
      for (const [index, endedAtMs] of [30, 10, 20].entries()) await store.add(idleJob(`ended ${index}`, { endedAtMs }))
      await store.add(jobOf('live'))
      await store.add(idleJob('disabled', { isEnabled: false }))
      assert.equal(await other.sweep({ endedBeforeMs: 10, limit: 9 }), 0)
      assert.equal(await other.sweep({ endedBeforeMs: 31, limit: 1 }), 1)
      assert.equal(await store.get('ended 1'), undefined)
      assert.equal(await other.sweep({ endedBeforeMs: 30, limit: 9 }), 1)
      assert.deepEqual(idsOf(await store.list({ limit: 9 })), ['live', 'ended 0', 'disabled'])
      assert.equal(await other.sweep({ endedBeforeMs: 9e15, limit: Number.POSITIVE_INFINITY }), 1)
      assert.deepEqual(idsOf(await store.list({ limit: 9 })), ['live', 'disabled'])
    },
  },
]
