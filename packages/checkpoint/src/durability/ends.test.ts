import { StoreError, type StoreErrorCode } from '@executus/core/store-error'
import { ModelError } from '@executus/llm'
import { expect, test } from 'vitest'

import { agent, call, type PureAnswer } from '../pure-host.test-kit.ts'
import { recoverRuns } from '../recover-runs.ts'
import { killOwner } from '../testing/memory-stores.ts'
import { after, before, calling, createWorld, keeping, type Life, making, startRun } from './world.test-kit.ts'

const turns: readonly PureAnswer[] = [{ calls: [call('write', 1)] }, { text: 'done' }]
const WHOLE = ['model r 1', 'write r/tool:c0', 'model r 2']

test('before its record is kept there is no run, and beginning it again with its id is safe', async () => {
  const world = createWorld({ turns })
  await world.dieAt(before(making()))
  expect(await world.memory.find('r')).toBeUndefined()
  expect(await startRun(world.live())).toMatchObject({ status: 'ok', durable: true })
  expect(world.done).toEqual(WHOLE)
})

test('once its record is kept, unheard, there is one run: to begin it again is refused, and recovery goes on with it', async () => {
  const world = createWorld({ turns })
  await world.dieAt(after(making()))
  const { executor, checkpoints } = world.live()
  const again = await executor.run(agent, 'something else', { runId: 'r' })
  expect(again).toMatchObject({ status: 'rejected', stopReason: 'duplicate' })
  expect(world.done).toEqual([])
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [{ runId: 'r', status: 'ok' }] })
  expect(world.done).toEqual(WHOLE)
  expect((await world.memory.list({ limit: 9 })).runs).toHaveLength(1)
})

const phased = {
  agent: {
    ...agent,
    phases: [
      { name: 'one', instructions: 'first' },
      { name: 'two', instructions: 'after {{one}}' },
    ],
  },
  turns,
}
const PHASED = [...WHOLE, 'model r 1', 'write r/tool:call_3_0_1', 'model r 2']

test.each([
  ['before the end of a phase is kept', before(keeping('phase-end')), 3],
  ['when the end of a phase is kept', after(keeping('phase-end')), 3],
  ['inside a phase', after(keeping('result', 'model:3')), 4],
])('a run with phases goes on with the one that had not ended: %s', async (_, point, done) => {
  const world = createWorld(phased)
  await world.dieAt(point)
  expect(world.done).toEqual(PHASED.slice(0, done))
  const result = await world.live().executor.resume('r').result
  expect(result).toMatchObject({ status: 'ok', phases: [{ output: 'done', steps: 2 }] })
  expect(world.done).toEqual(PHASED)
})

test.each([
  ['the record still open', before(calling('settle')), { resumed: [{ runId: 'r', status: 'ok' }] }],
  ['the record closed, unheard', after(calling('settle')), { resumed: [], failed: [] }],
])('the final answer that is kept is given by `find`, and no model is asked again: %s', async (_, point, report) => {
  const world = createWorld({ turns })
  await world.dieAt(point)
  const { executor, checkpoints } = world.live()
  expect(await recoverRuns(executor, checkpoints)).toMatchObject(report)
  const outcome = { status: 'ok', stopReason: 'answered', output: 'done' }
  expect(await checkpoints.find('r')).toMatchObject({ status: 'settled', outcome })
  expect(world.done).toEqual(WHOLE)
})

test('a run that fails by itself has failed: its record is closed, and nobody takes it up', async () => {
  const world = createWorld({
    turns,
    during: (what) =>
      what === 'model r 2' ? Promise.reject(new ModelError('a bug', { code: 'bad-request' })) : undefined,
  })
  expect(await startRun(world.live())).toMatchObject({ status: 'error' })
  const { executor, checkpoints } = world.live()
  expect(await checkpoints.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'error' } })
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [] })
})

/** Has writes of this life fail from one on, as many as are given. Gives how many were asked for. */
function breakWrites({ store }: Life, from: number, count: number, code: StoreErrorCode): { count: number } {
  const writes = { count: 0 }
  for (const name of ['append', 'settle', 'release'] as const) {
    const write = store[name].bind(store) as (...args: readonly unknown[]) => Promise<unknown>
    const broken = (...args: readonly unknown[]) => {
      const index = writes.count++
      const isBroken = index >= from && index < from + count
      return isBroken ? Promise.reject(new StoreError(code, 'the disk would not')) : write(...args)
    }
    Object.assign(store, { [name]: broken })
  }
  return writes
}

/** What is done before each of the writes: model, intent, result, model, settle. */
const DONE_BEFORE = [1, 1, 2, 3, 3]

test.each([
  ['full', Number.POSITIVE_INFINITY, 'running'],
  ['read-only', Number.POSITIVE_INFINITY, 'running'],
  ['io', Number.POSITIVE_INFINITY, 'running'],
  ['busy', Number.POSITIVE_INFINITY, 'running'],
  ['full', 1, 'released'],
  ['io', 1, 'released'],
] as const)(
  'no error of the storage is recorded as the run\u2019s: at any write, %s (%d times) leaves it interrupted, and the next process ends it',
  async (code, count, left) => {
    const sound = createWorld({ turns }).live()
    const writes = breakWrites(sound, 0, 0, code)
    await startRun(sound)
    expect(writes.count).toBe(DONE_BEFORE.length)
    for (const [from, doneBefore] of DONE_BEFORE.entries()) {
      const world = createWorld({ turns })
      const broken = world.live()
      breakWrites(broken, from, count, code)
      const running = startRun(broken)
      await world.clock.advance(20_000) // a busy store is asked again
      const result = await running
      const isAnswered = from === DONE_BEFORE.length - 1
      expect(result).toMatchObject(isAnswered ? { status: 'ok' } : { status: 'interrupted', stopReason: 'storage' })
      expect(await world.memory.find('r')).toMatchObject({ status: isAnswered ? 'running' : left })
      // What was begun before the write that failed is all that was done.
      expect(world.done).toEqual(WHOLE.slice(0, doneBefore))
      broken.die()
      expect(await world.live().executor.resume('r').result).toMatchObject({ status: 'ok', output: 'done' })
      expect(world.done.filter((what) => what.startsWith('write'))).toHaveLength(1)
    }
  },
)

test('of two that claim a run, the loser\u2019s write is refused, its calls are given up, and its run ends as interrupted', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<null>()
  const world = createWorld({
    turns: [{ calls: [call('write', 1), call('read', 2)] }, { text: 'done' }],
    during: (what, { number }) => {
      if (number > 1) return undefined
      if (what.startsWith('write')) return gate
      return what.startsWith('read') ? new Promise(() => {}) : undefined // ends only as it is given up
    },
  })
  const loser = world.live()
  const lost = startRun(loser)
  while (world.done.length < 3) await new Promise((resolve) => setImmediate(resolve))
  killOwner(loser.store) // taken for dead, and still at work
  const winner = world.live()
  expect(await winner.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'done' })
  const entries = await world.memory.read('r')
  open(null)
  expect(await lost).toMatchObject({ status: 'interrupted', stopReason: 'fenced' })
  expect(await world.memory.read('r')).toEqual(entries)
  expect(await world.memory.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'ok' } })
  expect(world.done).toEqual(['model r 1', 'write r/tool:c0', 'read r/tool:c1', 'read r/tool:c1', 'model r 2'])
})

test('a tool that kills its process is begun five times, resting between, and then its run is set aside', async () => {
  const dies = (what: string, life: Life) => (what.startsWith('read') ? life.die() : undefined)
  const world = createWorld({ turns: [{ calls: [call('read', 1)] }], during: dies })
  for (const work of [startRun, (life: Life) => recoverRuns(life.executor, life.checkpoints)]) {
    const life = world.live()
    void work(life) // after the first crash it is taken up at once
    await life.stopped
  }
  for (const restMs of [5_000, 30_000, 120_000]) {
    const life = world.live()
    await world.clock.advance(restMs - 1)
    const early = await recoverRuns(life.executor, life.checkpoints)
    await world.clock.advance(1)
    void recoverRuns(life.executor, life.checkpoints)
    await life.stopped
    expect(early).toMatchObject({ resumed: [] })
  }
  await world.clock.advance(600_000)
  const { executor, checkpoints } = world.live()
  const reason = 'It crashed 5 times in a row without progress'
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ poisoned: [{ runId: 'r', reason }] })
  expect(world.done.filter((what) => what.startsWith('read'))).toHaveLength(5)
})
