import { expect, test } from 'vitest'

import { call, type PureAnswer } from '../pure-host.test-kit.ts'
import {
  after,
  before,
  createWorld,
  type FaultPoint,
  keeping,
  type Life,
  resultsIn,
  startRun,
} from './world.test-kit.ts'

const done: PureAnswer = { text: 'done' }
const one = (tool: string): readonly PureAnswer[] => [{ calls: [call(tool, 1)] }, done]

interface Row {
  readonly turns: readonly PureAnswer[]
  readonly point: FaultPoint
  /** What the first life did, and what the next one. */
  readonly first: readonly string[]
  readonly next: readonly string[]
  /** What the model reads as results. */
  readonly reads: readonly unknown[]
}

const MODEL = keeping('result', 'model:1')
const TOOL = keeping('result', 'tool:c0')
const UNKNOWN = expect.stringContaining('its outcome is unknown')

const rows: Readonly<Record<string, Row>> = {
  'a model that has answered, the answer not kept, is asked again': {
    ...{ turns: one('read'), point: before(MODEL), first: ['model r 1'], reads: ['read 1'] },
    next: ['model r 1', 'read r/tool:c0', 'model r 2'],
  },
  'a model whose answer is kept is not asked again, and the calls of the answer are made': {
    ...{ turns: one('write'), point: after(MODEL), first: ['model r 1'], reads: ['write 1'] },
    next: ['write r/tool:c0', 'model r 2'],
  },
  'a `rerun` tool without a kept result runs again': {
    ...{ turns: one('read'), point: before(TOOL), first: ['model r 1', 'read r/tool:c0'], reads: ['read 1'] },
    next: ['read r/tool:c0', 'model r 2'],
  },
  'an `idempotent` tool without a kept result runs again with the same key, and knows that it does': {
    ...{ turns: one('same'), point: before(TOOL), first: ['model r 1', 'same r/tool:c0'], reads: ['same 1'] },
    next: ['same r/tool:c0 again, 2', 'model r 2'],
  },
  'a `once` tool before its intent is kept had not begun, and runs': {
    ...{ turns: one('write'), point: before(keeping('intent')), first: ['model r 1'], reads: ['write 1'] },
    next: ['write r/tool:c0', 'model r 2'],
  },
  'a `once` tool whose intent is kept does not run, though it had not begun': {
    ...{ turns: one('write'), point: after(keeping('intent')), first: ['model r 1'], reads: [UNKNOWN] },
    next: ['model r 2'],
  },
  'a `once` tool without a kept result does not run again: the model reads that the outcome is unknown': {
    ...{ turns: one('write'), point: before(TOOL), first: ['model r 1', 'write r/tool:c0'], reads: [UNKNOWN] },
    next: ['model r 2'],
  },
  'a call whose result is kept is never made again': {
    ...{ turns: one('write'), point: after(TOOL), first: ['model r 1', 'write r/tool:c0'], reads: ['write 1'] },
    next: ['model r 2'],
  },
  'what an answer asks for in another step is judged by itself': {
    turns: [{ calls: [call('write', 1)] }, { calls: [call('write', 2)] }, done],
    point: before(keeping('result', 'tool:call_2_0_1')),
    first: ['model r 1', 'write r/tool:c0', 'model r 2', 'write r/tool:call_2_0_1'],
    ...{ next: ['model r 3'], reads: ['write 1', UNKNOWN] },
  },
}

test.each(Object.entries(rows))('%s', async (_, { point, reads, turns, first, next }) => {
  const world = createWorld({ turns })
  await world.dieAt(point)
  expect(world.done).toEqual(first)
  const result = await world.live().executor.resume('r').result
  expect(result).toMatchObject({ status: 'ok', output: 'done' })
  expect(world.done.slice(first.length)).toEqual(next)
  expect(resultsIn(result.messages)).toEqual(reads)
})

test('a model that is being asked is asked again, one call for each crash, and only the call that is kept is in the sum', async () => {
  const dies = (_: string, life: Life) => (life.number < 4 ? life.die() : undefined)
  const world = createWorld({ turns: [done], during: dies })
  const lives = [world.live(), world.live(), world.live(), world.live()]
  for (const life of lives.slice(0, 3)) {
    void (life.number === 1 ? startRun(life) : life.executor.resume('r').result)
    await life.stopped
  }
  const result = await lives[3]!.executor.resume('r').result
  expect(world.done).toEqual(['model r 1', 'model r 1', 'model r 1', 'model r 1'])
  expect(result).toMatchObject({ status: 'ok', steps: 1, usage: { outputTokens: 10 } })
})

test('of parallel calls of which some are kept, only the others are judged by their class', async () => {
  const kept = { calls: [call('write', 1), call('same', 2)] }
  const open = { calls: [call('read', 3), call('same', 4), call('write', 5)] }
  const world = createWorld({
    turns: [{ calls: [...kept.calls, ...open.calls] }, done],
    // The first two are done and kept while the others are at work.
    during: (what, life) => {
      const isSlow = life.number === 1 && ['c2', 'c3', 'c4'].some((id) => what.endsWith(id))
      return isSlow ? new Promise(() => {}) : undefined
    },
  })
  await world.dieAt(after(keeping('result', 'tool:c1')))
  const count = world.done.length
  expect(count).toBe(6)
  const result = await world.live().executor.resume('r').result
  expect(world.done.slice(count)).toEqual(['read r/tool:c2', 'same r/tool:c3 again, 2', 'model r 2'])
  expect(resultsIn(result.messages)).toEqual(['write 1', 'same 2', 'read 3', 'same 4', UNKNOWN])
})

test('calls that wait for a place when the process dies had not begun, and are made', async () => {
  const agent = { name: 'boss', tools: ['write'], limits: { maxParallelTools: 1 } }
  const scene = { turns: [{ calls: [call('write', 1), call('write', 2), call('write', 3)] }, done], agent }
  const world = createWorld(scene)
  await world.dieAt(before(keeping('result', 'tool:c0')))
  const result = await world.live().executor.resume('r').result
  expect(world.done).toEqual(['model r 1', 'write r/tool:c0', 'write r/tool:c1', 'write r/tool:c2', 'model r 2'])
  expect(resultsIn(result.messages)).toEqual([UNKNOWN, 'write 2', 'write 3'])
})

test.each(['write', 'same'])('`%s` does not begin before its intent is kept, however long that takes', async (tool) => {
  const { promise: gate, resolve: open } = Promise.withResolvers<null>()
  const { promise: asked, resolve: ask } = Promise.withResolvers<null>()
  const world = createWorld({ turns: one(tool) })
  const life = world.live()
  const append = life.store.append.bind(life.store)
  life.store.append = async (claim, entries, options) => {
    if (entries.some(({ type }) => type === 'intent')) {
      ask(null)
      await gate
    }
    return append(claim, entries, options)
  }
  const running = startRun(life)
  await asked
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(world.done).toEqual(['model r 1'])
  open(null)
  expect(await running).toMatchObject({ status: 'ok' })
  expect(world.done).toEqual(['model r 1', `${tool} r/tool:c0`, 'model r 2'])
})

test('what `reconcile` tells of a call in doubt is kept: a second crash does not ask again', async () => {
  const asked: string[] = []
  const reconcile = (key: string) => Promise.resolve({ done: true as const, value: `found ${asked.push(key)}` })
  const world = createWorld({ turns: one('write'), reconcile })
  await world.dieAt(before(TOOL))
  await world.dieAt(after(TOOL), (life) => life.executor.resume('r').result)
  const result = await world.live().executor.resume('r').result
  expect(asked).toEqual(['r/tool:c0'])
  expect(resultsIn(result.messages)).toEqual(['found 1'])
  expect(world.done).toEqual(['model r 1', 'write r/tool:c0', 'model r 2'])
})
