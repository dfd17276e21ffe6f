import { expect, test } from 'vitest'

import { call, type PureAnswer } from '../pure-host.test-kit.ts'
import { recoverRuns } from '../recover-runs.ts'
import { after, before, calling, createWorld, keeping, resultsIn, startRun } from './world.test-kit.ts'

const turns: readonly PureAnswer[] = [{ calls: [call('destroy', 1)] }, { text: 'done' }]
const YES = [{ id: 'r/c0', isApproved: true, by: 'eve' }]
const NO = [{ id: 'r/c0', isApproved: false }]
const UNKNOWN = expect.stringContaining('its outcome is unknown')

/** A world in which a run waits for a person. */
async function suspended(own: readonly PureAnswer[] = turns) {
  const world = createWorld({ turns: own })
  expect(await startRun(world.live())).toMatchObject({ status: 'suspended', approvals: [{ id: 'r/c0' }] })
  return world
}

test.each([
  ['the question is kept', after(keeping('approval-request')), [{ runId: 'r', status: 'suspended' }]],
  ['the run is to wait', before(calling('park')), [{ runId: 'r', status: 'suspended' }]],
  ['the run waits, unheard', after(calling('park')), []],
])('a question is asked once, and waits in no process, when the process dies as %s', async (_, point, resumed) => {
  const world = createWorld({ turns })
  await world.dieAt(point)
  const { executor, checkpoints, die } = world.live()
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed, failed: [] })
  die()
  expect(await world.memory.find('r')).toMatchObject({ status: 'waiting', waits: ['r/c0'] })
  const asked = (await world.memory.read('r')).filter(({ type }) => type === 'approval-request')
  expect(asked).toHaveLength(1)

  const third = world.live()
  expect(await third.checkpoints.deliver('r', YES)).toEqual(['accepted'])
  expect(await recoverRuns(third.executor, third.checkpoints)).toMatchObject({ resumed: [{ status: 'ok' }] })
  expect(world.done).toEqual(['model r 1', 'destroy r/tool:c0', 'model r 2'])
})

test('a run that waits is not counted as crashed, however many processes die meanwhile', async () => {
  const world = await suspended()
  for (let life = 0; life < 60; life++) {
    const { executor, checkpoints, die } = world.live()
    expect(await recoverRuns(executor, checkpoints)).toEqual({ resumed: [], poisoned: [], skipped: [], failed: [] })
    die()
  }
  expect(await world.memory.find('r')).toMatchObject({ status: 'waiting', crashes: 0, crashStreak: 0 })
})

test('a decision that is not kept is no decision: who brought it got no answer, and brings it again', async () => {
  const world = await suspended()
  await world.dieAt(before(calling('deliver')), ({ checkpoints }) => checkpoints.deliver('r', YES))
  expect(await world.memory.find('r')).toMatchObject({ status: 'waiting' })
  const { checkpoints, executor } = world.live()
  expect(await checkpoints.deliver('r', YES)).toEqual(['accepted'])
  expect(await executor.resume('r').result).toMatchObject({ status: 'ok' })
})

test('a decision that is kept stands, though nobody heard: a second one is a duplicate, one after the end is closed', async () => {
  const world = await suspended()
  await world.dieAt(after(calling('deliver')), ({ checkpoints }) => checkpoints.deliver('r', YES))
  const { checkpoints, executor } = world.live()
  expect(await checkpoints.deliver('r', NO)).toEqual(['duplicate'])
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [{ status: 'ok' }] })
  expect(world.done).toContain('destroy r/tool:c0')
  expect(await checkpoints.deliver('r', NO)).toEqual(['closed'])
})

test('a call that was allowed and had not begun is made without a second question', async () => {
  const world = await suspended()
  await world.memory.deliver('r', { name: 'r/c0', id: 'r/c0', value: { isApproved: true }, atMs: world.clock.now() })
  await world.dieAt(before(keeping('intent')), ({ executor }) => executor.resume('r').result)
  const result = await world.live().executor.resume('r').result
  expect(world.done).toEqual(['model r 1', 'destroy r/tool:c0', 'model r 2'])
  expect(resultsIn(result.messages)).toEqual(['destroy 1'])
})

test.each([
  ['between its intent and its effect', after(keeping('intent')), 0],
  ['between its effect and its result', before(keeping('result', 'tool:c0')), 1],
])('an approval is not used again for a `once` call that was cut off %s', async (_, point, times) => {
  const world = await suspended([turns[0]!, { calls: [call('destroy', 1)] }, { text: 'done' }])
  await world.dieAt(point, ({ executor }) => executor.resume('r', { approvals: YES }).result)
  const { executor } = world.live()
  const result = await executor.resume('r', { approvals: YES }).result
  expect(world.done.filter((what) => what.startsWith('destroy'))).toHaveLength(times)
  expect(resultsIn(result.messages)[0]).toEqual(UNKNOWN)
  // The model asks for it anew, and so a person is asked anew.
  const id = 'r/call_2_0_1'
  expect(result).toMatchObject({ status: 'suspended', approvals: [{ id }] })
  const ended = await executor.resume('r', { approvals: [{ id, isApproved: true }] }).result
  expect(ended).toMatchObject({ status: 'ok' })
  expect(world.done.filter((what) => what.startsWith('destroy'))).toHaveLength(times + 1)
})

test('a cancel that is kept ends a waiting run, though who cancelled it never heard', async () => {
  const world = await suspended()
  await world.dieAt(after(calling('cancel')), ({ checkpoints }) => checkpoints.cancel('r', 'enough'))
  const { checkpoints, executor } = world.live()
  expect(await checkpoints.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'cancelled' } })
  expect(await checkpoints.deliver('r', YES)).toEqual(['closed'])
  expect(await executor.resume('r').result).toMatchObject({ stopReason: 'not-resumable' })
  expect(world.done).toEqual(['model r 1'])
})

test('a run that is cancelled while a call is at work, its process dead before it hears, ends as cancelled and does nothing more', async () => {
  const world = createWorld({
    turns: [{ calls: [call('read', 1)] }, { text: 'done' }],
    during: async (what, life) => {
      if (!what.startsWith('read')) return
      await world.live().checkpoints.cancel('r', 'enough')
      life.die()
    },
  })
  await world.dieAt(before(keeping('result', 'tool:c0')))
  const { executor, checkpoints } = world.live()
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [{ runId: 'r', status: 'cancelled' }] })
  expect(world.done).toEqual(['model r 1', 'read r/tool:c0'])
  expect(await checkpoints.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'cancelled' } })
})

test('a cancel that comes when a run is about to wait ends it: it waits for nothing', async () => {
  const world = createWorld({ turns })
  const life = world.live()
  const park = life.store.park.bind(life.store)
  life.store.park = async (...args) => {
    await world.live().checkpoints.cancel('r', 'enough')
    return park(...args)
  }
  expect(await startRun(life)).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: enough' },
  })
  expect(await world.memory.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'cancelled' } })
})
