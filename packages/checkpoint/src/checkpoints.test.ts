import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import { createCheckpoints } from './checkpoints.ts'
import type { JournalStore } from './journal-store.ts'
import { memoryJournalStore } from './memory-store.ts'
import { insideOf } from './memory-store.ts'
import { agent, call, type PureAnswer, pureHost, task, turnOf } from './pure-host.test-kit.ts'
import { killOwner } from './testing/memory-stores.ts'
import { begin, infoOf, said } from './testing/store-cases/store-case.ts'

function host(store: JournalStore, turns: readonly PureAnswer[], child: readonly PureAnswer[] = []) {
  const checkpoints = createCheckpoints(store)
  const effects: string[] = []
  const answer: Parameters<typeof pureHost>[1] = ({ system, messages }) =>
    (system === 'child' ? child : turns)[turnOf(messages)] ?? { text: 'done' }
  const { executor, logger } = pureHost({ checkpointer: checkpoints, effect: (key) => effects.push(key) }, answer)
  return { checkpoints, executor, logger, effects }
}

test('a run is begun once: a second one of its id is a duplicate', async () => {
  const { executor, checkpoints } = host(memoryJournalStore(), [{ text: 'hello' }])
  const [first, second] = await Promise.all(['a', 'b'].map((input) => executor.run(agent, input, { runId: 'r' })))
  expect(first).toMatchObject({ status: 'ok', output: 'hello', durable: true })
  expect(second).toMatchObject({ status: 'rejected', stopReason: 'duplicate' })
  expect(await checkpoints.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'ok', output: 'hello' } })
  expect(await checkpoints.reopen('r')).toBeUndefined()
  expect(await checkpoints.reopen('nobody')).toBeUndefined()
})

test('a decision about a call of a delegated run goes to the root, whichever of them is named', async () => {
  const memory = memoryJournalStore()
  const { executor, checkpoints, effects } = host(memory, [{ calls: [task] }], [{ calls: [call('destroy', 1)] }])
  const result = await executor.run(agent, 'go', { runId: 'r' })
  expect(result).toMatchObject({ status: 'suspended', approvals: [{ id: 'r/c0/c0', runId: 'r/c0', rootRunId: 'r' }] })
  expect(await memory.find('r')).toMatchObject({ status: 'waiting', waits: ['r/c0/c0'] })
  expect(await checkpoints.deliver('r/c0', [{ id: 'r/c0/c0', isApproved: true }])).toEqual(['accepted'])
  expect(await memory.find('r')).toMatchObject({ status: 'signalled' })
  expect(await executor.resume('r').result).toMatchObject({ status: 'ok', output: 'done' })
  expect(effects).toEqual(['r/c0/tool:c0'])
})

test('a no reaches the model with its note, and the call is not made', async () => {
  const { executor, checkpoints, effects } = host(memoryJournalStore(), [{ calls: [call('destroy', 1)] }])
  await executor.run(agent, 'go', { runId: 'r' })
  await checkpoints.deliver('r', [{ id: 'r/c0', isApproved: false, note: 'too dear' }])
  const result = await executor.resume('r').result
  expect(JSON.stringify(result.messages)).toContain('it was declined: too dear')
  expect(effects).toEqual([])
})

test('a decision that comes while the run is at work, before it waits, is not lost', async () => {
  const memory = memoryJournalStore()
  const { checkpoints, executor, effects } = host(memory, [{ calls: [call('destroy', 1)] }])
  const park = memory.park.bind(memory)
  memory.park = async (claim, waits) => {
    expect(await checkpoints.deliver('r', [{ id: 'r/c0', isApproved: true }])).toEqual(['accepted'])
    return park(claim, waits)
  }
  expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'ok' })
  expect(effects).toEqual(['r/tool:c0'])
  expect(await checkpoints.deliver('r', [{ id: 'r/c0', isApproved: true }])).toEqual(['closed'])
  expect(await checkpoints.deliver('nobody', [{ id: 'x', isApproved: true }])).toEqual(['no-such-run'])
})

test('a run that is cancelled through its record ends as cancelled, at work or not', async () => {
  const memory = memoryJournalStore()
  const { executor, checkpoints, effects } = host(memory, [{ calls: [call('read', 1)] }, { calls: [call('write', 2)] }])
  const handle = executor.start(agent, 'go', { runId: 'r' })
  handle.on('tool-call-start', () => void checkpoints.cancel('r', 'enough'))
  expect(await handle.result).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled: enough' },
  })
  expect(effects).toEqual([])
  expect(await memory.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'cancelled' } })

  await begin(memory, 's', { agent })
  await memory.cancel('s', 'enough')
  killOwner(memory)
  const next = host(memory.connect(), [{ text: 'hello' }])
  expect(await next.executor.resume('s').result).toMatchObject({ status: 'cancelled' })
})

test('a fork goes on from where it was cut, and a revived run from where it was', async () => {
  const memory = memoryJournalStore()
  const turns = [{ calls: [call('write', 1)] }, { calls: [call('write', 2)] }]
  const { executor, checkpoints, effects } = host(memory, turns)
  await executor.run(agent, 'go', { runId: 'r' })
  expect(effects).toHaveLength(2)
  const entries = await memory.read('r')
  const upTo = entries.findIndex((entry) => entry.type === 'result' && entry.kind === 'tool') + 1
  await checkpoints.fork('r', upTo, 'f')
  expect(await executor.resume('f').result).toMatchObject({ runId: 'f', status: 'ok', output: 'done' })
  expect(effects).toHaveLength(3)
  expect(await memory.read('r')).toEqual(entries)

  insideOf(memory).entryTextsOf('r')[1] = '{'
  await checkpoints.fork('r', 1, 'g')
  expect(await executor.resume('g').result).toMatchObject({ status: 'ok' })
})

test('a damaged run is set aside and named, and the claim is not kept', async () => {
  const memory = memoryJournalStore()
  await memory.append(await begin(memory, 'r'), [said('a')], { expectHead: 0 })
  killOwner(memory)
  const store = memory.connect()
  insideOf(store).entryTextsOf('r')[0] = '{'
  const { executor, checkpoints } = host(store, [])
  expect(await executor.resume('r').result).toMatchObject({ status: 'interrupted', stopReason: 'storage' })
  expect(await checkpoints.find('r')).toMatchObject({ status: 'quarantined', reason: 'Entry 0 of r is damaged' })
})

test('a run that could not be given back is given back before it is opened or listed again', async () => {
  const memory = memoryJournalStore()
  const release = memory.release.bind(memory)
  const full = () => Promise.reject(new StoreError('full', 'the disk is full'))
  const checkpoints = createCheckpoints(memory)
  const run = await checkpoints.begin(infoOf('r'))
  memory.release = full
  await expect(run?.leave()).rejects.toMatchObject({ code: 'storage' })
  expect(await checkpoints.reopen('r')).toBeUndefined()
  memory.release = release
  expect((await checkpoints.list({ limit: 9, claimableOnly: true })).runs).toMatchObject([{ runId: 'r' }])
  expect(await checkpoints.reopen('r')).toBeDefined()
})

test('a delegated run whose record cannot be made interrupts the run above, and does nothing', async () => {
  const memory = memoryJournalStore()
  const create = memory.create.bind(memory)
  const full = () => Promise.reject(new StoreError('full', 'the disk is full'))
  memory.create = (run) => (run.info.parentRunId === undefined ? create(run) : full())
  const { executor, effects } = host(memory, [{ calls: [task] }], [{ calls: [call('write', 1)] }])
  const result = await executor.run(agent, 'go', { runId: 'r' })
  expect(result).toMatchObject({ status: 'interrupted', stopReason: 'storage' })
  expect(effects).toEqual([])
  memory.create = create
  expect(await executor.resume('r').result).toMatchObject({ status: 'ok' })
  expect(effects).toEqual(['r/c0/tool:c0'])
})

test('a delegated run whose parent cannot be looked for is given back, and found again', async () => {
  const memory = memoryJournalStore()
  await begin(memory, 'r')
  const find = memory.find.bind(memory)
  memory.find = () => Promise.reject(new StoreError('io', 'the disk is gone'))
  const checkpoints = createCheckpoints(memory)
  await expect(checkpoints.begin(infoOf('r/c', { parentRunId: 'r' }))).rejects.toMatchObject({ code: 'storage' })
  memory.find = find
  expect(await checkpoints.reopen('r/c')).toBeDefined()
})

test('a delegated run that another holds, or whose making was not heard, is not begun a second time', async () => {
  const memory = memoryJournalStore()
  const create = memory.create.bind(memory)
  memory.create = async (run) => {
    const made = await create(run)
    if (run.info.parentRunId === undefined) return made
    throw new StoreError('io', 'the answer got lost')
  }
  const { executor, effects } = host(memory, [{ calls: [task] }], [{ calls: [call('write', 1)] }])
  expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ stopReason: 'storage' })
  expect(await executor.resume('r').result).toMatchObject({ status: 'interrupted', stopReason: 'fenced' })
  killOwner(memory)
  const next = host(memory.connect(), [{ calls: [task] }], [{ calls: [call('write', 1)] }])
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok' })
  expect([effects, next.effects]).toEqual([[], ['r/c0/tool:c0']])
})

test('a run that is delegated and had ended before its parent knew is not done again', async () => {
  const memory = memoryJournalStore()
  const first = host(memory, [{ calls: [task] }], [{ calls: [call('write', 1)] }, { text: 'I wrote' }])
  const append = memory.append.bind(memory)
  memory.append = (claim, entries, options) =>
    claim.runId === 'r' && entries.some(({ type }) => type === 'result') && options.expectHead > 1
      ? Promise.reject(new StoreError('io', 'the disk is gone'))
      : append(claim, entries, options)
  memory.release = () => Promise.reject(new StoreError('io', 'the disk is gone'))
  expect(await first.executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'interrupted' })
  expect(await memory.find('r/c0')).toMatchObject({ status: 'settled', outcome: { status: 'ok', output: 'I wrote' } })
  killOwner(memory)
  const next = host(memory.connect(), [{ calls: [task] }])
  const result = await next.executor.resume('r').result
  expect(result).toMatchObject({ status: 'ok', output: 'done' })
  expect(JSON.stringify(result.messages)).toContain('I wrote')
  expect([first.effects, next.effects]).toEqual([['r/c0/tool:c0'], []])
})

test('a run whose record cannot be made goes on without, and what was made all the same is not taken up', async () => {
  const memory = memoryJournalStore()
  const create = memory.create.bind(memory)
  memory.create = async (run) => {
    await create(run)
    throw new StoreError('io', 'the answer got lost')
  }
  const { executor, logger } = host(memory, [{ text: 'hello' }])
  expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'ok', durable: false })
  expect(logger.lines).toHaveLength(1)
  killOwner(memory)
  const next = host(memory.connect(), [])
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'cancelled' })
})

test('a run whose record cannot be made leaves an earlier one of its id alone', async () => {
  const memory = memoryJournalStore()
  const claim = await begin(memory, 'r', { agent })
  memory.create = () => Promise.reject(new StoreError('full', 'the disk is full'))
  const { executor } = host(memory, [{ text: 'hello' }])
  expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'ok', durable: false })
  expect(await memory.append(claim, [said('a')], { expectHead: 0 })).toEqual({ head: 1 })
})

test.each([
  [() => createCheckpoints({} as never), 'Expected `store` to be an object with a method `create`, got an object'],
  [() => createCheckpoints(memoryJournalStore(), { maxCrashes: 0 }), 'Expected `options.maxCrashes` to be an integer'],
  [() => createCheckpoints(memoryJournalStore(), { clocks: 1 } as object), 'Expected `options` to have no option'],
])('createCheckpoints() refuses a mistake: %s', (create, message) => {
  expect(create).toThrow(message)
})

test('deliver() refuses what is no decision, and delivers nothing then', async () => {
  const memory = memoryJournalStore()
  await begin(memory, 'r')
  const good = { id: 'a', isApproved: true }
  const checkpoints = createCheckpoints(memory)
  await expect(checkpoints.deliver('r', [good, { id: 'b' } as never])).rejects.toThrow(
    'Expected `decisions[1].isApproved` to be a boolean, got `undefined`',
  )
  expect(await memory.deliver('r', { name: 'a', id: 'a', value: null, atMs: 1 })).toBe('accepted')
})
