import { type Clock, createExecutor, defineTool, noLogger, systemClock } from '@executus/core'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'

import { createCheckpoints } from './checkpoints.ts'
import { insideOf, type MemoryJournalStore, memoryJournalStore } from './memory-store.ts'
import { agent, call, pureHost, pureModel, turnOf } from './pure-host.test-kit.ts'
import { recoverRuns, watchRecords } from './recover-runs.ts'
import { killOwner } from './testing/memory-stores.ts'
import { begin, said } from './testing/store-cases/store-case.ts'

/** A process over a store: its executor answers at once, but for what `answer` says. */
function processOver(store: MemoryJournalStore, answer: Parameters<typeof pureHost>[1] = () => ({ text: 'done' })) {
  const effects: string[] = []
  const checkpoints = createCheckpoints(store)
  const { executor, logger } = pureHost({ checkpointer: checkpoints, effect: (key) => effects.push(key) }, answer)
  return { checkpoints, executor, logger, effects, store }
}

/** The clock of a store, which a test moves. */
function movedClock(): Clock & { addMs(ms: number): void } {
  let addedMs = 0
  return { ...systemClock, now: () => systemClock.now() + addedMs, addMs: (ms) => void (addedMs += ms) }
}

async function interrupted(store: MemoryJournalStore, count: number): Promise<void> {
  const dead = store.connect()
  for (let index = 0; index < count; index++) await begin(dead, `r${index}`, { agent })
  killOwner(dead)
}

test('recoverRuns() goes on with what was interrupted, oldest first, and touches nothing else', async () => {
  const memory = memoryJournalStore()
  await memory.settle(await begin(memory, 'settled'), { status: 'ok', stopReason: 'answered', output: 'was' })
  await memory.park(await begin(memory, 'waiting'), ['yes'])
  await begin(memory.connect(), 'elsewhere')
  await interrupted(memory, 2)
  await memory.release(await begin(memory, 'released'))
  await memory.release(await begin(memory, 'r0/c', { parentRunId: 'r0' }))
  const { executor, checkpoints } = processOver(memory.connect())
  const heard: unknown[] = []
  const report = await recoverRuns(executor, checkpoints, { concurrency: 1, onProgress: (one) => heard.push(one) })
  const resumed = ['r0', 'r1', 'released'].map((runId) => ({ runId, status: 'ok' }))
  expect(report).toEqual({ resumed, poisoned: [], skipped: [], failed: [] })
  expect(heard).toEqual(resumed.map((one) => ({ type: 'resumed', ...one })))
  const status = async (id: string) => (await memory.find(id))?.status
  expect(await Promise.all(['settled', 'waiting', 'elsewhere', 'r0'].map(status))).toEqual([
    'settled',
    'waiting',
    'running',
    'settled',
  ])
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [] })
})

test('two processes that recover two hundred runs at once: each has one result', async () => {
  const memory = memoryJournalStore()
  await interrupted(memory, 200)
  const turns = ({ messages }: { readonly messages: Parameters<typeof turnOf>[0] }) =>
    turnOf(messages) === 0 ? { calls: [call('write', 1)] } : { text: 'done' }
  const processes = [processOver(memory.connect(), turns), processOver(memory.connect(), turns)]
  const reports = await Promise.all(processes.map(({ executor, checkpoints }) => recoverRuns(executor, checkpoints)))
  const ids = reports.flatMap(({ resumed }) => resumed.map(({ runId }) => runId))
  expect(ids).toHaveLength(200)
  expect(new Set(ids).size).toBe(200)
  const effects = processes.flatMap((one) => one.effects)
  expect(effects).toHaveLength(200)
  expect(new Set(effects).size).toBe(200)
  expect(reports.flatMap(({ failed, poisoned }) => [...failed, ...poisoned])).toEqual([])
  const { runs } = await memory.list({ limit: 300 })
  expect(runs.every(({ outcome }) => outcome?.status === 'ok')).toBe(true)
}, 30_000)

test('a run that crashes five times in a row is poisoned; resting between, and revived by a human', async () => {
  const clock = movedClock()
  const memory = memoryJournalStore({ clock })
  await interrupted(memory, 1)
  for (const restMs of [0, 5_000, 30_000, 120_000]) {
    clock.addMs(restMs)
    const owner = memory.connect()
    await createCheckpoints(owner).reopen('r0')
    killOwner(owner)
  }
  const { executor, checkpoints } = processOver(memory.connect())
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [], poisoned: [] })
  clock.addMs(600_000)
  const reason = 'It crashed 5 times in a row without progress'
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [], poisoned: [{ runId: 'r0', reason }] })
  expect(await checkpoints.find('r0')).toMatchObject({ status: 'poisoned', reason })
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [], poisoned: [] })
  expect(await checkpoints.revive('r0')).toBe(true)
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ resumed: [{ runId: 'r0', status: 'ok' }] })
})

test('a run that makes progress and crashes is poisoned when it has crashed too often in all', async () => {
  const memory = memoryJournalStore()
  await interrupted(memory, 1)
  for (let crash = 1; crash < 50; crash++) {
    const owner = memory.connect()
    const [claim] = await owner.claim({ limit: 1 })
    await owner.append(claim!, [said(`${crash}`)], { expectHead: crash - 1 })
    killOwner(owner)
  }
  const { executor, checkpoints } = processOver(memory.connect())
  const reason = 'It crashed 50 times in all'
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({ poisoned: [{ runId: 'r0', reason }] })
})

test('a shutdown is no crash, however often; the next process goes on', async () => {
  const memory = memoryJournalStore()
  let isStalled = true
  const answer = () => (isStalled ? { calls: [call('wait', 1)] } : { text: 'done' })
  for (let boot = 0; boot < 8; boot++) {
    const store = memory.connect()
    const checkpoints = createCheckpoints(store)
    const wait = defineTool({
      ...{ name: 'wait', description: 'waits', effect: 'read', input: z.object({ n: z.number() }) },
      run: (_, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gave up')))),
    })
    const executor = createExecutor({
      tiers: { fast: pureModel(answer) },
      tools: [wait],
      checkpointer: checkpoints,
      logger: noLogger,
    })
    const started = boot === 0 ? executor.run({ name: 'boss', tools: ['wait'] }, 'go', { runId: 'r' }) : undefined
    const recovery = recoverRuns(executor, checkpoints)
    await vi.waitFor(async () => expect((await memory.find('r'))?.head).toBeGreaterThan(0))
    await new Promise((resolve) => setTimeout(resolve, 5))
    await executor.shutdown()
    const { resumed } = await recovery
    const statuses = started === undefined ? resumed.map(({ status }) => status) : [(await started).status]
    expect(statuses).toEqual(['interrupted'])
    await checkpoints.close()
  }
  expect(await memory.find('r')).toMatchObject({ status: 'released', crashes: 0, crashStreak: 0 })
  isStalled = false
})

test('an agent is resolved by the host: as it is now, or not at all', async () => {
  const memory = memoryJournalStore()
  await interrupted(memory, 2)
  const seen: (string | undefined)[] = []
  const { executor, checkpoints } = processOver(memory.connect(), ({ system }) => {
    seen.push(system)
    return { text: 'done' }
  })
  const report = await recoverRuns(executor, checkpoints, {
    agentOf: ({ runId }) => (runId === 'r0' ? undefined : { ...agent, instructions: 'new words' }),
  })
  expect(report).toMatchObject({
    resumed: [{ runId: 'r1', status: 'ok' }],
    skipped: [{ runId: 'r0', reason: 'there is no agent boss for it' }],
  })
  expect(seen).toEqual(['new words'])
  expect((await memory.find('r0'))?.crashes).toBe(0)
})

test('a run that cannot be gone on with as things are is reported as failed, and stays', async () => {
  const memory = memoryJournalStore()
  await interrupted(memory, 3)
  const { executor, checkpoints } = processOver(memory.connect())
  const report = await recoverRuns(executor, checkpoints, {
    agentOf: ({ runId }) => {
      if (runId === 'r2') throw new Error('no such agent')
      return runId === 'r1' ? agent : { ...agent, tools: ['gone'] }
    },
  })
  expect(report.resumed).toEqual([{ runId: 'r1', status: 'ok' }])
  expect(report.failed.map(({ runId }) => runId).toSorted()).toEqual(['r0', 'r2'])
  expect(await memory.find('r0')).toMatchObject({ status: 'released' })
})

test('a damaged run is reported as failed, and does not keep the others', async () => {
  const memory = memoryJournalStore()
  await interrupted(memory, 2)
  const owner = memory.connect()
  const [claim] = await owner.claim({ limit: 1 })
  await owner.append(claim!, [said('a')], { expectHead: 0 })
  killOwner(owner)
  insideOf(memory).entryTextsOf('r0')[0] = '{'
  const { executor, checkpoints } = processOver(memory.connect())
  expect(await recoverRuns(executor, checkpoints)).toMatchObject({
    resumed: [{ runId: 'r1', status: 'ok' }],
    failed: [{ runId: 'r0', reason: 'Entry 0 of r0 is damaged' }],
  })
})

test('recoverRuns() begins nothing more when its signal aborts, and waits for what is under way', async () => {
  const memory = memoryJournalStore()
  await interrupted(memory, 5)
  const { executor, checkpoints } = processOver(memory.connect())
  const controller = new AbortController()
  const { resumed } = await recoverRuns(executor, checkpoints, {
    concurrency: 1,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  expect(resumed).toEqual([{ runId: 'r0', status: 'ok' }])
})

test('watchRecords() goes on with a run whose approval another process delivered', async () => {
  const memory = memoryJournalStore()
  const answer = ({ messages }: { readonly messages: Parameters<typeof turnOf>[0] }) =>
    turnOf(messages) === 0 ? { calls: [call('destroy', 1)] } : { text: 'done' }
  const worker = processOver(memory.connect(), answer)
  const web = createCheckpoints(memory.connect())
  const controller = new AbortController()
  const watch = watchRecords(worker.executor, worker.checkpoints, { everyMs: 1, signal: controller.signal })
  const result = await worker.executor.run(agent, 'go', { runId: 'r' })
  expect(result.status).toBe('suspended')
  expect(worker.effects).toEqual([])
  const decision = { id: 'r/c0', isApproved: true, by: 'eve' }
  expect(await web.deliver('r', [decision, decision])).toEqual(['accepted', 'duplicate'])
  await vi.waitFor(async () => expect((await web.find('r'))?.status).toBe('settled'))
  expect(worker.effects).toEqual(['r/tool:c0'])
  expect(await web.deliver('r', [decision])).toEqual(['closed'])
  controller.abort()
  await watch
})

test.each([
  [{ concurrency: 0 }, 'Expected `options.concurrency` to be an integer of 1 or more, got `0`'],
  [{ conc: 1 }, 'Expected `options` to have no option `conc`'],
])('recoverRuns() with %o is refused', async (options, message) => {
  const { executor, checkpoints } = processOver(memoryJournalStore())
  await expect(recoverRuns(executor, checkpoints, options as object)).rejects.toThrow(message)
})
