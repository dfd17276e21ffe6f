import { type Call, type Checkpointer, type Clock, JournalError, type JournalEntry, RunError } from '@executus/core'
import { StoreError } from '@executus/core/store-error'
import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { createCheckpoints, type CheckpointsOptions } from './checkpoints.ts'
import type { JournalStore } from './journal-store.ts'
import { memoryJournalStore } from './memory-store.ts'
import { killOwner } from './testing/memory-stores.ts'
import { infoOf } from './testing/store-cases/store-case.ts'

const OUTCOME = { status: 'ok', stopReason: 'answered', output: 'done' }

function call<T>(key: string, run: Call<T>['run'], change: Partial<Call<T>> = {}): Call<T> {
  return { key, kind: 'tool', replay: 'rerun', timeoutMs: 1_000, run, ...change }
}

const once = <T>(key: string, run: Call<T>['run'], change: Partial<Call<T>> = {}) =>
  call(key, run, { replay: 'once', ...change })

/** A store that counts its appends, and fails as told. */
function watched(failures: (() => unknown)[] = [], clock: Clock = fakeClock()) {
  const memory = memoryJournalStore({ clock })
  const appends: (readonly JournalEntry[])[] = []
  const store = (owner: JournalStore): JournalStore =>
    Object.assign(Object.create(owner) as JournalStore, {
      ...bound(owner),
      append: async (...args: Parameters<JournalStore['append']>) => {
        const failure = failures.shift()?.()
        if (failure !== undefined) throw failure
        appends.push(args[1])
        return owner.append(...args)
      },
    })
  return { memory, store: store(memory), appends }
}

function bound(store: JournalStore): JournalStore {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(store)) as (keyof JournalStore)[]
  const methods = names.filter((name) => typeof store[name] === 'function')
  return Object.fromEntries(methods.map((name) => [name, store[name].bind(store)])) as unknown as JournalStore
}

async function begin(store: JournalStore, options: CheckpointsOptions = { clock: fakeClock() }): Promise<Checkpointer> {
  return (await createCheckpoints(store, options).begin(infoOf('r')))!
}

/** The same run in the hands of another process, after the first has died. */
async function afterCrash(memory: ReturnType<typeof memoryJournalStore>): Promise<Checkpointer> {
  killOwner(memory)
  return (await createCheckpoints(memory.connect(), { clock: fakeClock() }).reopen('r'))!
}

test('a step of a model call and a read tool is two appends of one entry each', async () => {
  const { store, appends } = watched()
  const run = await begin(store)
  await run.step(call('model:1', () => Promise.resolve('hello'), { kind: 'model' }))
  await run.batch([call('tool:a', () => Promise.resolve('read'))])
  expect(appends.map((entries) => entries.map(({ type }) => type))).toEqual([['result'], ['result']])
})

test('the intents of a batch are one append, and the results that come in one turn are another', async () => {
  const { store, appends } = watched()
  const run = await begin(store)
  const settled = await run.batch([
    once('tool:a', () => Promise.resolve(1)),
    call('tool:b', () => Promise.resolve(2), { replay: 'idempotent' }),
    call('tool:c', () => Promise.resolve(3)),
  ])
  expect(settled.map((one) => one.ok && one.value)).toEqual([1, 2, 3])
  expect(appends.map((entries) => entries.map(({ type }) => type))).toEqual([
    ['intent', 'intent'],
    ['result', 'result', 'result'],
  ])
})

test('beyond its concurrency a batch writes the intent of the next call with the result of the one before', async () => {
  const { store, appends } = watched()
  const run = await begin(store)
  const begun: string[] = []
  const calls = ['a', 'b', 'c', 'd'].map((key) => once(`tool:${key}`, () => Promise.resolve(begun.push(key))))
  await run.batch(calls, { concurrency: 1 })
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  expect(appends.map((entries) => entries.map((entry) => `${entry.type} ${'key' in entry ? entry.key : ''}`))).toEqual([
    ['intent tool:a'],
    ['result tool:a', 'intent tool:b'],
    ['result tool:b', 'intent tool:c'],
    ['result tool:c', 'intent tool:d'],
    ['result tool:d'],
  ])
})

test('what is kept is not done again, by this owner or the next', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  let times = 0
  const effect = once('tool:a', () => Promise.resolve({ times: ++times }))
  expect(await run.step(effect)).toEqual({ ok: true, value: { times: 1 } })
  expect(await run.step(effect)).toEqual({ ok: true, value: { times: 1 } })
  const next = await afterCrash(memory)
  expect(await next.step(effect)).toEqual({ ok: true, value: { times: 1 } })
  expect(next.history.map(({ type }) => type)).toEqual(['intent', 'result'])
  expect(times).toBe(1)
})

test('a call that rejects leaves no result; attempts are counted over processes, under one idempotency key', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  const seen: unknown[] = []
  const failing = call('tool:a', (attempt) => Promise.reject(new Error(String(seen.push(attempt)))), {
    replay: 'idempotent',
  })
  expect(await run.step(failing)).toEqual({ ok: false, error: new Error('1') })
  expect(await run.step(failing)).toEqual({ ok: false, error: new Error('2') })
  const next = await afterCrash(memory)
  await next.step(failing)
  expect(seen).toEqual([1, 2, 3].map((attempt) => ({ idempotencyKey: 'r/tool:a', attempt })))
  expect(next.history.filter(({ type }) => type === 'result')).toEqual([])
})

test.each([
  ['nothing to ask', undefined, { ok: false, inDoubt: true }, 0],
  ['unknown', () => Promise.resolve({ unknown: true as const }), { ok: false, inDoubt: true }, 0],
  ['a fault', () => Promise.reject(new Error('down')), { ok: false, inDoubt: true }, 0],
  ['done', () => Promise.resolve({ done: true as const, value: 7 }), { ok: true, value: 7 }, 0],
  ['not done', () => Promise.resolve({ done: false as const }), { ok: true, value: 8 }, 1],
  ['a stop', () => Promise.reject(new RunError('shutdown', 'stop')), { ok: false, error: expect.any(RunError) }, 0],
])(
  'a call of class once that may have begun is not repeated, where reconciling gives %s',
  async (_, reconcile, outcome, times) => {
    const { memory } = watched()
    await (await begin(memory)).step(once('tool:a', () => Promise.reject(new Error('crash'))))
    const next = await afterCrash(memory)
    let done = 0
    const again = once<number>('tool:a', () => Promise.resolve(7 + ++done), reconcile && { reconcile })
    expect(await next.step(again)).toEqual(outcome)
    expect(done).toBe(times)
  },
)

test('after a failed write nothing more is begun, what is under way is awaited, and every later call rejects', async () => {
  const full = new StoreError('full', 'the disk is full')
  const { memory, store, appends } = watched([() => undefined, () => full])
  const run = await begin(store)
  const begun: string[] = []
  const { promise: gate, resolve: open } = Promise.withResolvers<null>()
  const batch = run.batch(
    [
      once('tool:a', () => Promise.resolve(begun.push('a'))),
      once('tool:b', () => gate.then(() => begun.push('b'))),
      once('tool:c', () => Promise.resolve(begun.push('c'))),
    ],
    { concurrency: 2 },
  )
  const ended = batch.then(
    () => 'ended',
    (error: unknown) => error,
  )
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await Promise.race([ended, Promise.resolve('under way')])).toBe('under way')
  open(null)
  const error = await ended
  expect(error).toMatchObject({ code: 'storage', cause: full })
  expect(JournalError.is(error)).toBe(true)
  expect(begun).toEqual(['a', 'b'])
  await expect(run.step(call('tool:d', () => Promise.resolve(1)))).rejects.toBe(error)
  await expect(run.note([{ type: 'segment', atMs: 1 }])).rejects.toBe(error)
  await expect(run.complete(OUTCOME)).rejects.toBe(error)

  // The disk has room again: what was done is kept, so that it is not in doubt.
  await run.leave()
  expect(appends).toHaveLength(2)
  expect((await memory.find('r'))?.status).toBe('released')
  const kept = (await memory.read('r')).flatMap((entry) => (entry.type === 'result' ? [entry.key] : []))
  expect(kept).toEqual(['tool:a', 'tool:b'])
})

test('a call that the end of the run cut short lets no other begin', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  const stop = new RunError('shutdown', 'stop')
  const settled = await run.batch(
    [once('tool:a', () => Promise.reject(stop)), once('tool:b', () => Promise.resolve('never'))],
    { concurrency: 1 },
  )
  expect(settled).toEqual([
    { ok: false, error: stop },
    { ok: false, error: stop },
  ])
  expect((await memory.read('r')).map((entry) => 'key' in entry && entry.key)).toEqual(['tool:a'])
})

test('a busy store is asked again, and an append whose answer got lost is made once', async () => {
  const clock = fakeClock()
  const memory = memoryJournalStore({ clock })
  let busy = 2
  const store = { ...bound(memory) }
  store.append = async (...args) => {
    const appended = await memory.append(...args)
    if (busy-- > 0) throw new StoreError('busy', 'another holds it')
    return appended
  }
  const run = await begin(store, { clock })
  const step = run.step(call('tool:a', () => Promise.resolve(1)))
  await clock.advance(5_000)
  expect(await step).toEqual({ ok: true, value: 1 })
  expect(await memory.read('r')).toHaveLength(1)

  busy = 99
  const failed = run.note([{ type: 'segment', atMs: 1 }]).catch((error: unknown) => error)
  await clock.advance(5_000)
  expect(await failed).toMatchObject({ code: 'storage' })
  expect(clock.pending).toBe(0)
})

test('`lost` aborts when another has claimed the run, and leaving it then is nothing', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  const next = await afterCrash(memory)
  const error = await run.note([{ type: 'segment', atMs: 1 }]).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'fenced' })
  expect(run.lost?.aborted).toBe(true)
  await run.leave()
  expect(next.lost?.aborted).toBe(false)
  await next.complete(OUTCOME)
})

test('`cancelled` aborts with the reason when a write tells of it, or the claim', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  await memory.cancel('r', 'enough')
  expect(run.cancelled?.aborted).toBe(false)
  await run.note([{ type: 'segment', atMs: 1 }])
  expect(run.cancelled?.reason).toBe('enough')
  const next = await afterCrash(memory)
  expect(next.cancelled?.reason).toBe('enough')
})

test('signals end the waiting, and stand in the history of the next owner', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  await run.note([{ type: 'segment', atMs: 1 }])
  await memory.deliver('r', { name: 'a', id: '1', value: { isApproved: true }, atMs: 7 })
  const entry = { type: 'signal', name: 'a', value: { isApproved: true }, atMs: 7 }
  expect(await run.suspend([{ signal: 'a' }])).toEqual({ suspended: false, signals: [entry] })
  expect(await run.suspend([{ signal: 'b' }])).toEqual({ suspended: true })
  await run.leave()
  const next = await createCheckpoints(memory.connect()).reopen('r')
  expect(next?.history).toEqual([{ type: 'segment', atMs: 1 }, entry])
})

test('a store that neither parks a run nor gives signals, nor has it cancelled, is not asked for ever', async () => {
  const { memory } = watched()
  const run = await begin(Object.assign(bound(memory), { park: () => Promise.resolve([]) }))
  await expect(run.suspend([{ signal: 'a' }])).rejects.toMatchObject({ code: 'storage' })
})

test('a result that is too large becomes an error that the model reads, and is no error of the run', async () => {
  const { memory } = watched()
  const run = await begin(memory, { maxResultBytes: 1_000, clock: fakeClock() })
  const result = (text: string) => ({
    result: { type: 'tool-result', callId: 'a', name: 'draw', content: [{ type: 'text', text }], isError: false },
  })
  const step = await run.step(once('tool:a', () => Promise.resolve(result('é'.repeat(600)))))
  expect(step).toMatchObject({ ok: true, value: { result: { callId: 'a', name: 'draw', isError: true } } })
  expect(JSON.stringify(step)).toContain('too large to be kept: 1314 bytes, and 1000 are the most. The call was made.')
  expect(await (await afterCrash(memory)).step(once('tool:a', () => Promise.resolve(result(''))))).toEqual(step)

  const large = await (await createCheckpoints(memoryJournalStore(), { maxResultBytes: 1_000 }).begin(
    infoOf('s'),
  ))!.step(call('model:1', () => Promise.resolve('x'.repeat(2_000)), { kind: 'model' }))
  expect(large).toMatchObject({ ok: false, error: { name: 'RangeError' } })
})

test('a result that is no JSON is an error of its call, and the journal goes on', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  const circle: unknown[] = []
  circle.push(circle)
  for (const value of [circle, 1n, { deep: [1n] }])
    expect(await run.step(call('tool:a', () => Promise.resolve(value)))).toMatchObject({ error: { name: 'TypeError' } })
  expect(await run.step(call('tool:a', () => Promise.resolve('x'.repeat(100))))).toMatchObject({ ok: true })
  expect(await memory.read('r')).toHaveLength(1)
})

test('what was given is not held: a result that is changed afterwards stays as it was', async () => {
  const { memory } = watched()
  const run = await begin(memory)
  const list = [1]
  const listing = call('tool:a', () => Promise.resolve(list))
  await run.step(listing)
  list.push(2)
  expect(await run.step(listing)).toEqual({ ok: true, value: [1] })
})
