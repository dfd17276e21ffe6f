import { StoreError } from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import type { AuditStore } from './audit-store.ts'
import {
  auditScene,
  call,
  contentOf,
  end,
  eventsOf,
  heldStore,
  infoOf,
  methodsOf,
  resultOf,
  START,
} from './audit.test-kit.ts'

const go = (audit: ReturnType<typeof auditScene>['audit'], runId = 'r') =>
  audit.open(infoOf(runId), { isResumed: false })
const [start, ...calls] = eventsOf('r', START, ...Array.from({ length: 20 }, (_, index) => call(`${index}`)), end('r'))
const busy = () => new StoreError('busy', 'held')

test('entries of all runs are written together, a while after the first', async () => {
  const { store, held } = heldStore()
  const { audit, clock } = auditScene({ store, flushAfterMs: 100 })
  for (const id of ['r', 's']) go(audit, id).event(eventsOf(id, START)[0]!)
  await clock.advance(99)
  expect(held).toHaveLength(0)
  await clock.advance(1)
  expect(held).toHaveLength(1)
  await held[0]!.pass()
  await vi.waitFor(() => expect(audit.stats()).toMatchObject({ buffered: 0, written: 2 }))
  expect(clock.pending).toBe(0)
})

test('what comes during a write is gathered for as long as anything else', async () => {
  const { store, held } = heldStore()
  const { audit, clock } = auditScene({ store, flushAfterMs: 100 })
  const recorder = go(audit)
  recorder.event(start!)
  await clock.advance(100)
  recorder.event(calls[0]!)
  await held[0]!.pass()
  await clock.advance(99)
  expect(held).toHaveLength(1)
  await clock.advance(1)
  expect(held).toHaveLength(2)
})

test('an event returns at once, whatever the store does', () => {
  let writes = 0
  const store = auditScene().store
  const spy: AuditStore = { ...methodsOf(store), write: () => expect.fail(`written ${(writes += 1)} times at once`) }
  const { audit } = auditScene({ store: spy, flushAfterMs: 0 })
  const recorder = go(audit)
  for (const event of [start!, ...calls]) expect(recorder.event(event)).toBeUndefined()
  expect(writes).toBe(0)
})

test('the end of a run waits for its entries', async () => {
  const { store, held } = heldStore()
  const { audit } = auditScene({ store })
  const recorder = go(audit)
  recorder.event(start!)
  let isClosed = false
  const closing = Promise.resolve(recorder.close(resultOf('r'))).then(() => (isClosed = true))
  await vi.waitFor(() => expect(held).toHaveLength(1))
  expect(isClosed).toBe(false)
  await held[0]!.pass()
  await closing
  expect(audit.stats()).toMatchObject({ buffered: 0, written: 1 })
})

test('a store that hangs holds the first end of a run for waitMs, and no later one', async () => {
  const { store, held } = heldStore()
  const { audit, clock } = auditScene({ store, waitMs: 500 })
  const closed: string[] = []
  const close = (id: string) => {
    const recorder = go(audit, id)
    recorder.event(eventsOf(id, START)[0]!)
    void Promise.resolve(recorder.close(resultOf(id))).then(() => closed.push(id))
  }
  close('r')
  await clock.advance(499)
  expect(closed).toEqual([])
  await clock.advance(1)
  expect(closed).toEqual(['r'])
  close('s')
  await clock.advance(0)
  expect(closed).toEqual(['r', 's'])
  expect(held).toHaveLength(1)
  await held[0]!.pass()
  await vi.waitFor(() => expect(held).toHaveLength(2))
  await held[1]!.pass()
  await vi.waitFor(() => expect(audit.stats()).toMatchObject({ buffered: 0, written: 2, dropped: 0 }))
})

test('what comes while the buffer is full is dropped, counted, told once a minute, and marked in the record', async () => {
  const { store, held } = heldStore()
  const { audit, clock, logger } = auditScene({ store, maxBuffered: 5, flushAfterMs: 10 })
  const recorder = go(audit)
  recorder.event(start!)
  await clock.advance(10)
  for (const event of calls.slice(0, 10)) recorder.event(event)
  expect(audit.stats()).toMatchObject({ buffered: 6, dropped: 6 })
  expect(logger.lines).toEqual([
    { level: 'warn', message: 'the audit dropped 1 entries and failed to write 0 times', details: undefined },
  ])
  await clock.advance(60_000)
  recorder.event(calls[10]!)
  expect(logger.lines[1]).toMatchObject({ message: 'the audit dropped 6 entries and failed to write 0 times' })
  await held[0]!.pass()
  await clock.advance(10)
  expect(held).toHaveLength(2)
  await held[1]!.pass()
  await vi.waitFor(() => expect(audit.stats()).toMatchObject({ buffered: 0 }))
  recorder.event(calls[11]!)
  const closing = recorder.close(resultOf('r'))
  await vi.waitFor(() => expect(held).toHaveLength(3))
  await held[2]!.pass()
  await closing
  expect((await audit.entries('r')).map((entry) => (entry.type === 'dropped' ? entry.count : entry.type))).toEqual([
    ...['start', 'tool-call', 'tool-call', 'tool-call', 'tool-call'],
    7,
    'tool-call',
  ])
  expect(await audit.find('r')).toMatchObject({ dropped: 7, entries: 7 })
})

test('what is dropped while a write tells of others is told by the next', async () => {
  const { store, held } = heldStore()
  const { audit } = auditScene({ store, maxBuffered: 1 })
  const recorder = go(audit)
  for (const event of [start!, calls[0]!]) recorder.event(event)
  const flushing = audit.flush()
  await vi.waitFor(() => expect(held).toHaveLength(1))
  for (const event of calls.slice(1, 3)) recorder.event(event)
  await held[0]!.pass()
  await vi.waitFor(() => expect(held).toHaveLength(2))
  await held[1]!.pass()
  expect(await flushing).toBe(true)
  expect(await audit.find('r')).toMatchObject({ dropped: 3, entries: 3 })
  expect(await audit.entries('r')).toMatchObject([{ type: 'start' }, { count: 1 }, { count: 2 }])
})

test('large entries fill the buffer, too', () => {
  const { audit } = auditScene({ store: heldStore().store, maxBufferedChars: 2_000 })
  const recorder = go(audit)
  for (let index = 0; index < 9; index++) recorder.event(eventsOf('r', call('1', 'x'.repeat(700)))[0]!)
  expect(audit.stats()).toMatchObject({ dropped: 7 })
  expect(audit.stats().bufferedChars).toBeLessThanOrEqual(2_000)
})

test('how a run ended is kept though the buffer is full', async () => {
  const { store, held } = heldStore()
  const { audit } = auditScene({ store, maxBuffered: 2 })
  const recorder = go(audit)
  for (const event of [start!, ...calls]) recorder.event(event)
  const flushing = audit.flush()
  for (let write = 0; write < 1; write++) {
    await vi.waitFor(() => expect(held).toHaveLength(write + 1))
    await held[write]!.pass()
  }
  expect(await flushing).toBe(true)
  expect(await audit.find('r')).toMatchObject({ status: 'ok', output: 'done', dropped: 19 })
})

test('with a store that never answers, the memory that many runs take has an end', () => {
  const { audit } = auditScene({ store: heldStore().store, maxBuffered: 50 })
  for (let index = 0; index < 2_000; index++) {
    const recorder = go(audit, `r${index}`)
    for (const event of eventsOf(`r${index}`, START, call('1'), end(`r${index}`))) recorder.event(event)
    void recorder.close(resultOf(`r${index}`))
  }
  expect(audit.stats().buffered).toBeLessThanOrEqual(200)
  expect(audit.stats().dropped).toBeGreaterThan(5_000)
})

test('a write that failed is tried again, later and later, and nothing is lost', async () => {
  const { store, held } = heldStore()
  const { audit, clock, logger } = auditScene({ store, flushAfterMs: 10 })
  const recorder = go(audit)
  recorder.event(start!)
  await clock.advance(10)
  for (const delayMs of [1_000, 2_000, 4_000]) {
    const before = held.length
    held.at(-1)!.fail(busy())
    await clock.advance(delayMs - 1)
    recorder.event(calls[0]!)
    expect(held).toHaveLength(before)
    await clock.advance(1)
    expect(held).toHaveLength(before + 1)
  }
  await held.at(-1)!.pass()
  await vi.waitFor(() => expect(audit.stats()).toMatchObject({ written: 4, dropped: 0, failedWrites: 3 }))
  expect(logger.lines).toHaveLength(1)
  expect(logger.lines[0]).toMatchObject({ details: { name: 'StoreError', code: 'busy' } })
})

test('a store that stays away keeps no timer, and so no process', async () => {
  const scene = auditScene()
  const store: AuditStore = { ...methodsOf(scene.store), write: () => Promise.reject(busy()) }
  const { audit, clock } = auditScene({ store })
  const recorder = go(audit)
  recorder.event(start!)
  await recorder.close(resultOf('r'))
  await clock.advance(600_000)
  expect(clock.pending).toBe(0)
  expect(audit.stats()).toMatchObject({ buffered: 1, failedWrites: 7 })
  go(audit, 's').event(eventsOf('s', START)[0]!)
  await clock.advance(1_000)
  expect(audit.stats().failedWrites).toBe(8)
})

test('a write whose answer was lost is not done twice', async () => {
  const { store, inner, held } = heldStore()
  let isLost = true
  const losing: AuditStore = {
    ...methodsOf(store),
    async write(changes) {
      const became = await inner.write(changes)
      if (!isLost) return became
      isLost = false
      throw busy()
    },
  }
  const { audit } = auditScene({ store: losing, chain: true })
  const recorder = go(audit)
  recorder.event(start!)
  expect(await audit.flush()).toBe(false)
  recorder.event(calls[0]!)
  expect(await audit.flush()).toBe(true)
  expect(held).toEqual([])
  expect((await audit.entries('r')).map(({ type }) => type)).toEqual(['start', 'tool-call'])
  expect(await audit.verify('r')).toMatchObject({ isWhole: true })
})

test('one run that a store cannot take does not hold up the others', async () => {
  const scene = auditScene()
  const store: AuditStore = {
    ...methodsOf(scene.store),
    write: (changes) =>
      changes.some(({ run }) => run.runId === 'bad') ? Promise.reject(new TypeError('no')) : scene.store.write(changes),
  }
  const { audit, clock } = auditScene({ store })
  for (const id of ['bad', 'a', 'b']) go(audit, id).event(eventsOf(id, START)[0]!)
  for (let round = 0; round < 8; round++) {
    await clock.advance(60_000)
    go(audit, `more${round}`).event(eventsOf(`more${round}`, START)[0]!)
  }
  await clock.advance(60_000)
  expect(audit.stats()).toMatchObject({ buffered: 0, dropped: 1, written: 10 })
  expect(await contentOf(scene.store)).not.toContain('bad')
})

test('a store that throws at once, rejects with nothing or tells nonsense is harmless', async () => {
  const scene = auditScene()
  const writes: readonly unknown[] = [
    () => {
      throw undefined
    },
    () => Promise.reject(),
    () => 'nonsense',
    () => Promise.resolve([]),
    () => Promise.resolve(['moved']),
  ]
  for (const write of writes) {
    const { audit } = auditScene({ store: { ...methodsOf(scene.store), write } as AuditStore })
    const { executor } = scriptedHost([{ text: 'Hi.' }], { audit })
    expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok', output: 'Hi.' })
    await audit.flush()
  }
})

test('closing writes what is left, within waitMs, and drops what then comes', async () => {
  const { store, held } = heldStore()
  const { audit, clock } = auditScene({ store, waitMs: 300 })
  const recorder = go(audit)
  recorder.event(start!)
  const closing = audit.close()
  await clock.advance(300)
  await closing
  expect(held).toHaveLength(1)
  expect(audit.stats()).toMatchObject({ buffered: 0, dropped: 1 })
  recorder.event(calls[0]!)
  audit.open(infoOf('late'), { isResumed: false }).event(start!)
  expect(clock.pending).toBe(0)
  await audit.close()
  await expect(audit.find('r')).rejects.toMatchObject({ code: 'closed' })
})
