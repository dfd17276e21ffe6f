import { expect, test } from 'vitest'

import { createCheckpoints } from '../checkpoints.ts'
import type { JournalStore } from '../journal-store.ts'
import { memoryJournalStore } from '../memory-store.ts'
import { agent, call, pureHost, turnOf } from '../pure-host.test-kit.ts'
import { recoverRuns, type RecoveryProgress } from '../recover-runs.ts'
import { killOwner } from '../testing/memory-stores.ts'
import { begin, said } from '../testing/store-cases/store-case.ts'
import { createWorld, type Life, startRun } from './world.test-kit.ts'

const RUNS = 10_000

/** `store`, with the runs whose transcripts were read, and how many of them were open at once. */
function watched(store: JournalStore) {
  const read: string[] = []
  const open = new Set<string>()
  const seen = { read, most: 0 }
  const watching = new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown
      if (typeof method !== 'function') return method
      return async (...args: readonly [string | { readonly runId: string }]) => {
        const [first] = args
        if (name === 'read') {
          read.push(first as string)
          open.add(first as string)
          seen.most = Math.max(seen.most, open.size)
        }
        if (name === 'settle') open.delete((first as { readonly runId: string }).runId)
        return Reflect.apply(method, target, args) as unknown
      }
    },
  })
  return { store: watching, seen }
}

test('ten thousand interrupted runs are gone on with, oldest first, and no more transcripts are held than are at work', async () => {
  const memory = memoryJournalStore({ maxSettled: RUNS })
  const dead = memory.connect()
  const ids = Array.from({ length: RUNS }, (_, index) => `r${index}`)
  for (const id of ids) await dead.append(await begin(dead, id, { agent }), [said(id)], { expectHead: 0 })
  killOwner(dead)
  const { store, seen } = watched(memory.connect())
  const checkpoints = createCheckpoints(store)
  const { executor } = pureHost({ checkpointer: checkpoints, effect: () => {} }, () => ({ text: 'done' }))
  const heard: RecoveryProgress[] = []
  const report = await recoverRuns(executor, checkpoints, { concurrency: 8, onProgress: (one) => heard.push(one) })
  expect(seen.most).toBe(8)
  expect(seen.read).toEqual(ids)
  expect(report.resumed.filter(({ status }) => status === 'ok')).toHaveLength(RUNS)
  expect(new Set(report.resumed.map(({ runId }) => runId)).size).toBe(RUNS)
  expect(heard).toHaveLength(RUNS)
  expect((await memory.list({ limit: 1, claimableOnly: true })).runs).toEqual([])
}, 60_000)

test('of ten thousand decisions that come as their run is about to wait, none is lost between several owners', async () => {
  const memory = memoryJournalStore()
  const effects: string[] = []
  const owners = [0, 1, 2].map(() => {
    const store = memory.connect()
    const checkpoints = createCheckpoints(store)
    const { executor } = pureHost({ checkpointer: checkpoints, effect: (key) => effects.push(key) }, ({ messages }) =>
      turnOf(messages) === 0 ? { calls: [call('destroy', 1)] } : { text: 'done' },
    )
    return { store, checkpoints, executor }
  })
  const come = { before: 0, after: 0 }
  const delivered: Promise<unknown>[] = []
  for (const [number, { store }] of owners.entries()) {
    const park = store.park.bind(store)
    const { checkpoints } = owners[(number + 1) % owners.length]!
    store.park = async (claim, waits) => {
      const { runId } = claim
      const deliver = async () => {
        const [outcome] = await checkpoints.deliver(runId, [{ id: `${runId}/c0`, isApproved: true }])
        expect(outcome).toBe('accepted')
      }
      // By the number of the run: the one first, the other, or a turn of the event loop in between.
      const order = Number(runId.slice(1)) % 4
      if (order === 0) await deliver()
      else if (order === 1) delivered.push(deliver())
      const parking = park(claim, waits)
      if (order === 2) delivered.push(deliver())
      const parked = await parking
      if (order === 3) delivered.push(deliver())
      come[parked === 'parked' ? 'after' : 'before'] += 1
      return parked
    }
  }
  for (let from = 0; from < RUNS; from += 100) {
    const batch = Array.from({ length: 100 }, (_, index) => from + index)
    const running = batch.map((index) => owners[index % 3]!.executor.run(agent, 'go', { runId: `r${index}` }))
    const looking = owners.map(({ executor, checkpoints }) => recoverRuns(executor, checkpoints))
    await Promise.all([...running, ...looking])
    await Promise.all(delivered.splice(0))
    await recoverRuns(owners[0]!.executor, owners[0]!.checkpoints)
  }
  expect((await memory.list({ limit: 9, status: ['running', 'released', 'waiting', 'signalled'] })).runs).toEqual([])
  expect([effects.length, new Set(effects).size]).toEqual([RUNS, RUNS])
  expect(come.before).toBeGreaterThan(1_000)
  expect(come.after).toBeGreaterThan(1_000)
}, 60_000)

test('clocks that jump by a day between lives lose nothing, and let no run rest for longer', async () => {
  const DAY_MS = 86_400_000
  const turns = Array.from({ length: 9 }, (_, n) => ({ calls: [call('read', n)] }))
  const reads = new Map<Life, number>()
  const world = createWorld({
    turns,
    // Each life does one call, and dies at the next.
    during: (what, life) => {
      if (!what.startsWith('read')) return
      reads.set(life, (reads.get(life) ?? 0) + 1)
      if (reads.get(life) === 2) life.die()
    },
  })
  const first = world.live()
  void startRun(first)
  await first.stopped
  let lives = 1
  for (; (await world.memory.find('r'))?.status !== 'settled' && lives < 40; lives++) {
    world.jump([DAY_MS, -DAY_MS, -DAY_MS, DAY_MS][lives % 4]!)
    const { executor, checkpoints, stopped } = world.live()
    const { runs } = await world.memory.list({ limit: 1, claimableOnly: true })
    expect(runs.map(({ runId }) => runId)).toEqual(['r'])
    await Promise.race([recoverRuns(executor, checkpoints), stopped])
  }
  expect(await world.memory.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'ok', output: 'done' } })
  expect(lives).toBe(9)
})
