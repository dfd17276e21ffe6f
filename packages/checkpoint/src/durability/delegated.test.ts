import type { Critic } from '@executus/core'
import { ModelError } from '@executus/llm'
import { expect, test } from 'vitest'

import { insideOf } from '../memory-store.ts'
import { call, type PureAnswer, task } from '../pure-host.test-kit.ts'
import { recoverRuns } from '../recover-runs.ts'
import { killOwner } from '../testing/memory-stores.ts'
import {
  after,
  before,
  calling,
  createWorld,
  type FaultPoint,
  keeping,
  type Life,
  making,
  resultsIn,
  type Scene,
  startRun,
} from './world.test-kit.ts'

const done: PureAnswer = { text: 'done' }
const turns: readonly PureAnswer[] = [{ calls: [task] }, done]
const child: readonly PureAnswer[] = [{ calls: [call('write', 1)] }, { text: 'I wrote' }]
const WHOLE = ['model r 1', 'model r/c0 1', 'write r/c0/tool:c0', 'model r/c0 2', 'model r 2']

test.each([
  ['its call is to begin', before(keeping('intent')), 1],
  ['it is to be made', before(making('r/c0')), 1],
  ['it is made, unheard', after(making('r/c0')), 1],
  ['its model has answered', after(keeping('result', 'model:1', 'r/c0')), 2],
  ['its call is done', after(keeping('result', 'tool:c0', 'r/c0')), 3],
  ['it has answered', before(calling('settle', 'r/c0')), 4],
  ['the run above has its answer', after(keeping('result', 'tool:c0')), 4],
])('a delegated run is begun once, and gone on with when the process dies as %s', async (_, point, count) => {
  const world = createWorld({ turns, child })
  await world.dieAt(point)
  expect(world.done).toEqual(WHOLE.slice(0, count))
  const { executor, checkpoints } = world.live()
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [{ runId: 'r', status: 'ok' }] })
  expect(world.done).toEqual(WHOLE)
  const { runs } = await world.memory.list({ limit: 9 })
  expect(runs.map(({ runId, status }) => [runId, status])).toEqual([
    ['r', 'settled'],
    ['r/c0', 'settled'],
  ])
})

test('a call in doubt of a delegated run is told to its own model, and the run above knows nothing of it', async () => {
  const world = createWorld({ turns, child })
  await world.dieAt(before(keeping('result', 'tool:c0', 'r/c0')))
  const result = await world.live().executor.resume('r').result
  expect(world.done).toEqual(WHOLE)
  expect(resultsIn(result.messages)).toEqual(['I wrote'])
  expect(JSON.stringify(await world.memory.read('r/c0'))).toContain('its outcome is unknown')
})

test('nothing is begun below a run that has ended, by a process that was taken for dead and has not heard of it', async () => {
  const world = createWorld({ turns, child })
  const isMade = making('r/c0')
  const zombie = world.live({
    side: 'before',
    call: (name, args) => {
      if (!isMade(name, args)) return false
      killOwner(zombie.store)
      void world.memory.cancel('r', 'enough')
      return false
    },
  })
  expect(await startRun(zombie)).toMatchObject({ status: 'interrupted', stopReason: 'fenced' })
  expect(world.done).toEqual(['model r 1'])
  for (const runId of ['r', 'r/c0'])
    expect(await world.memory.find(runId)).toMatchObject({ status: 'settled', outcome: { status: 'cancelled' } })
})

test.each([
  ['open', after(keeping('result', 'tool:c0', 'r/c0'))],
  ['closed', after(calling('settle', 'r/c0'))],
])(
  'a delegated run of which an entry is damaged, its record %s, is not done again: the model above reads so',
  async (_, point) => {
    const world = createWorld({ turns, child })
    await world.dieAt(point)
    const count = world.done.length
    insideOf(world.memory).entryTextsOf('r/c0')[0] = '{'
    // Also when it is set aside already.
    await world.dieAt(before(keeping('result', 'tool:c0')), ({ executor }) => executor.resume('r').result)
    const result = await world.live().executor.resume('r').result
    expect(result).toMatchObject({ status: 'ok' })
    expect(world.done.slice(count)).toEqual(['model r 2'])
    const why = 'its record is damaged, and what it did is not known (Entry 0 of r/c0 is damaged)'
    expect(resultsIn(result.messages)).toEqual([`agent__child ended without an answer (fault): The run broke: ${why}`])
  },
)

test('a shutdown while a delegated run is under way is a crash of neither, however often', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<null>()
  let reached = Promise.withResolvers<null>()
  const world = createWorld({
    turns,
    child: [{ calls: [call('read', 1)] }, { text: 'I read' }],
    during: (what) => {
      if (!what.startsWith('read')) return undefined
      reached.resolve(null)
      return gate
    },
  })
  for (let boot = 0; boot < 8; boot++) {
    reached = Promise.withResolvers<null>()
    const life = world.live()
    const { executor, checkpoints } = life
    const work = boot === 0 ? startRun(life) : recoverRuns(executor, checkpoints)
    await reached.promise
    await executor.shutdown()
    expect(await work).toMatchObject(
      boot === 0 ? { status: 'interrupted', stopReason: 'shutdown' } : { resumed: [{ status: 'interrupted' }] },
    )
    await checkpoints.close()
    for (const runId of ['r', 'r/c0'])
      expect(await world.memory.find(runId)).toMatchObject({ status: 'released', crashes: 0, crashStreak: 0 })
  }
  open(null)
  expect(await world.live().executor.resume('r').result).toMatchObject({ status: 'ok' })
  expect(world.done.filter((what) => what.startsWith('model'))).toEqual(
    WHOLE.filter((what) => what.startsWith('model')),
  )
})

/** How a delegated run may end without an answer, and what its parent's model reads. */
const failures: Readonly<Record<string, Partial<Scene> & { readonly reads: string }>> = {
  'model-error': {
    during: (what) => (what === 'model r/c0 1' ? Promise.reject(new ModelError('no', { code: 'refused' })) : undefined),
    reads: '(model-error): no',
  },
  'step-limit': { childLimits: { maxSteps: 1 }, reads: '(step-limit): The run took all of its 1 steps' },
  'empty-response': { child: [{ text: '' }, { text: '' }], reads: '(empty-response): Your reply was empty' },
  'tool-errors': {
    ...{ childLimits: { maxToolErrors: 1 }, child: [{ calls: [{ name: 'write', input: {} }] }] },
    reads: '(tool-errors): The run got nowhere',
  },
  cancelled: {
    during: (what, { checkpoints }) =>
      what.startsWith('write') ? checkpoints.cancel('r/c0', 'enough is enough') : undefined,
    reads: '(cancelled): The run was cancelled: enough is enough',
  },
}

async function readAfter(scene: Scene, point?: FaultPoint): Promise<readonly string[]> {
  const world = createWorld(scene)
  if (point === undefined) return resultsIn((await startRun(world.live())).messages)
  await world.dieAt(point)
  const count = world.done.length
  const result = await world.live().executor.resume('r').result
  expect(result).toMatchObject({ status: 'ok', output: 'done' })
  expect(world.done.slice(count)).toEqual(['model r 2'])
  return resultsIn(result.messages)
}

test.each(Object.keys(failures))(
  'a delegated run that ended with %s is read alike after a crash of the run above, and is not done again',
  async (name) => {
    const { reads, ...scene } = { turns, child, ...failures[name]! }
    const whole = await readAfter(scene)
    expect(whole).toEqual([expect.stringContaining(`agent__child ended without an answer ${reads}`)])
    for (const point of [after(calling('settle', 'r/c0')), before(keeping('result', 'tool:c0'))])
      expect(await readAfter(scene, point)).toEqual(whole)
  },
)

/** Kills the delegated run when its tool is called. */
const killer: Critic = {
  watch: (run) => ({
    event: ({ type }) => void (run.info.runId === 'r/c0' && type === 'tool-call-start' && run.kill('too dear')),
    close: () => {},
  }),
}

test.each([
  ['its critic killed', { options: { critic: killer } }, '(killed): The run was killed: too dear'],
  ['had no time left', { childLimits: { timeoutMs: 5_000 } }, '(deadline): The run took longer than its 5000 ms'],
])('a delegated run that %s is read alike after a crash of the run above', async (_, change, reads) => {
  const open = () => {
    const world = createWorld({
      ...{ turns, child, ...change },
      during: async (what, { number }) => {
        if (number === 1 && what === 'model r/c0 2') await world.clock.advance(6_000)
      },
    })
    return world
  }
  const whole = resultsIn((await startRun(open().live())).messages)
  expect(whole).toEqual([expect.stringContaining(reads)])
  const world = open()
  await world.dieAt(after(calling('settle', 'r/c0')))
  const count = world.done.length
  const result = await world.live().executor.resume('r').result
  expect(world.done.slice(count)).toEqual(['model r 2'])
  expect(resultsIn(result.messages)).toEqual(whole)
})

const asks: readonly PureAnswer[] = [{ calls: [call('destroy', 1)] }, { text: 'I did' }]

async function recover({ executor, checkpoints }: Life): Promise<object> {
  return recoverRuns(executor, checkpoints)
}

test('a delegated run that is cancelled while it waits frees the run above, which reads that it was', async () => {
  const world = createWorld({ turns, child: asks })
  expect(await startRun(world.live())).toMatchObject({ status: 'suspended', approvals: [{ id: 'r/c0/c0' }] })
  const life = world.live()
  expect(await life.checkpoints.cancel('r/c0', 'enough')).toBe(true)
  expect(await life.checkpoints.deliver('r', [{ id: 'r/c0/c0', isApproved: true }])).toEqual(['duplicate'])
  expect(await recover(life)).toMatchObject({ resumed: [{ runId: 'r', status: 'ok' }] })
  expect(world.done).toEqual(['model r 1', 'model r/c0 1', 'model r 2'])
  expect(JSON.stringify(await world.memory.read('r'))).toContain('The run was cancelled: enough')
})

test('the cancel of a waiting delegated run whose answer got lost is told by the next one', async () => {
  const world = createWorld({ turns, child: asks })
  await startRun(world.live())
  await world.dieAt(before(calling('deliver')), ({ checkpoints }) => checkpoints.cancel('r/c0', 'enough'))
  expect(await world.memory.find('r')).toMatchObject({ status: 'waiting' })
  const life = world.live()
  expect(await life.checkpoints.cancel('r/c0', 'enough')).toBe(false)
  expect(await recover(life)).toMatchObject({ resumed: [{ runId: 'r', status: 'ok' }] })
})

test('a run that waits for several goes on waiting for those that were not cancelled', async () => {
  const world = createWorld({
    turns: [{ calls: [task, call('destroy', 2), task] }, done],
    child: [{ calls: [{ name: 'agent__grandchild', input: { task: 'help' } }] }, { text: 'helped' }],
    grandchild: asks,
  })
  await startRun(world.live())
  const life = world.live()
  const yes = (id: string) => [{ id, isApproved: true }]
  expect(await world.memory.find('r')).toMatchObject({ waits: ['r/c1'] })
  expect(await life.executor.resume('r', { approvals: yes('r/c1') }).result).toMatchObject({ status: 'suspended' })
  expect(await world.memory.find('r')).toMatchObject({ waits: ['r/c0/c0/c0', 'r/c2/c0/c0'] })
  expect(await life.checkpoints.cancel('r/c0', 'enough')).toBe(true)
  expect(await recover(life)).toMatchObject({ resumed: [{ runId: 'r', status: 'suspended' }] })
  expect(await life.executor.resume('r', { approvals: yes('r/c2/c0/c0') }).result).toMatchObject({ status: 'ok' })
  const results = (await world.memory.read('r')).filter(({ type }) => type === 'result')
  expect(JSON.stringify(results)).toContain(
    'agent__child ended without an answer (cancelled): The run was cancelled: enough',
  )
  expect(world.done.filter((what) => what.startsWith('destroy'))).toEqual([
    'destroy r/tool:c1',
    'destroy r/c2/c0/tool:c0',
  ])
})
