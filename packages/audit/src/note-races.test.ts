// Notes while others write, forget, close or fail.
import { StoreError } from '@executus/core'
import { expect, test, vi } from 'vitest'

import type { AuditStore } from './audit-store.ts'
import { auditScene, call, end, eventsOf, heldStore, methodsOf, resultOf } from './audit.test-kit.ts'
import { memoryAuditStore } from './memory-store.ts'
import { begin, note, play, typesOf } from './note.test-kit.ts'

test('notes of two processes, while a third is at work on the run, are all kept, each process in its order', async () => {
  const memory = memoryAuditStore()
  const scene = auditScene({ store: memory, chain: true })
  const others = [1, 2].map(() => auditScene({ store: memory.connect(), chain: true }).audit)
  const recorder = begin(scene.audit)
  await scene.audit.flush()
  const noting = others.flatMap((audit, process) =>
    Array.from({ length: 30 }, (_, index) => audit.note('r', { about: `${process}`, text: `${index}` })),
  )
  for (let index = 0; index < 30; index++) {
    recorder.event(eventsOf('r', call(`${index}`))[0]!)
    await scene.audit.flush()
  }
  await Promise.all(noting)
  recorder.event(eventsOf('r', end('r'))[0]!)
  await recorder.close(resultOf('r'))
  const entries = await scene.audit.entries('r')
  const numbers = Array.from({ length: 30 }, (_, index) => `${index}`)
  for (const about of ['0', '1'])
    expect(entries.flatMap((one) => (one.type === 'note' && one.about === about ? [one.text] : []))).toEqual(numbers)
  expect(entries.flatMap((one) => (one.type === 'tool-call' ? [one.callId] : []))).toEqual(numbers)
  expect(await scene.audit.find('r')).toMatchObject({ status: 'ok', toolCalls: 30, dropped: 0, entries: 92 })
  expect(await scene.audit.verify('r')).toMatchObject({ isWhole: true, entries: 92 })
})

test('a note that others outrun thirty times is written all the same', async () => {
  const { audit: other, store: inner } = auditScene({ chain: true })
  const recorder = begin(other)
  let outrun = 0
  const write: AuditStore['write'] = async (changes) => {
    if (outrun < 30) {
      outrun += 1
      recorder.event(eventsOf('r', call(`${outrun}`))[0]!)
      await other.flush()
    }
    return inner.write(changes)
  }
  await other.flush()
  const { audit } = auditScene({ store: { ...methodsOf(inner), write }, chain: true })
  await audit.note('r', note)
  expect((await other.entries('r')).at(-1)).toMatchObject({ type: 'note', seq: 32 })
  expect(await other.verify('r')).toMatchObject({ isWhole: true, entries: 32 })
})

test('a recorder whose record moved writes again at once, so that many notes cannot shut it out', async () => {
  const { audit, clock, store } = auditScene({ chain: true, flushAfterMs: 100 })
  const other = auditScene({ store, chain: true }).audit
  const recorder = begin(audit)
  await clock.advance(100)
  recorder.event(eventsOf('r', call('1'))[0]!)
  await other.note('r', note)
  await clock.advance(100)
  await vi.waitFor(() => expect(audit.stats()).toMatchObject({ buffered: 0, written: 2 }))
  expect(typesOf(await store.entries('r', { after: 0, limit: 9 }))).toEqual(['start', note.text, 'tool-call'])
})

test('what a store took though it refused it is not written twice when a note stands behind it', async () => {
  const { store: inner } = auditScene()
  let isLost = false
  const write: AuditStore['write'] = async (changes) => {
    const became = await inner.write(changes)
    if (isLost) throw new StoreError('busy', 'held')
    return became
  }
  const { audit } = auditScene({ store: { ...methodsOf(inner), write }, chain: true })
  const other = auditScene({ store: inner, chain: true }).audit
  const recorder = begin(audit)
  await audit.flush()
  isLost = true
  recorder.event(eventsOf('r', call('1'))[0]!)
  expect(await audit.flush()).toBe(false)
  isLost = false
  await other.note('r', note)
  for (const event of eventsOf('r', call('2'), end('r'))) recorder.event(event)
  await recorder.close(resultOf('r'))
  expect(await audit.flush()).toBe(true)
  expect(typesOf(await audit.entries('r'))).toEqual(['start', 'tool-call', note.text, 'tool-call', 'end'])
  expect(await audit.find('r')).toMatchObject({ status: 'ok', toolCalls: 2, dropped: 0 })
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: 5 })
})

test('a run that is forgotten while a note of it is written stays forgotten, and the next note is kept', async () => {
  const { store, inner, held } = heldStore()
  const { audit } = auditScene({ store })
  const writer = auditScene({ store: inner }).audit
  for (const runId of ['r', 's']) await play(writer, runId)
  const noting = audit.note('r', note)
  const next = audit.note('s', note)
  const refused = noting.catch((error: unknown) => error)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  await writer.forget('r')
  await held[0]!.pass()
  expect(await refused).toMatchObject({ name: 'StoreError', code: 'not-found' })
  await vi.waitFor(() => expect(held).toHaveLength(2))
  await held[1]!.pass()
  await next
  expect(await writer.find('r')).toBeUndefined()
  expect(typesOf(await writer.entries('s'))).toEqual(['start', 'end', note.text])
})

test('while a store takes nothing, a note says so, also of a run whose beginning waits', async () => {
  const { store: inner } = auditScene()
  const write = () => Promise.reject(new StoreError('full', 'no room'))
  const { audit } = auditScene({ store: { ...methodsOf(inner), write } })
  await play(auditScene({ store: inner }).audit, 'old')
  begin(audit)
  await expect(audit.note('old', note)).rejects.toMatchObject({ code: 'full' })
  await expect(audit.note('r', note)).rejects.toMatchObject({ name: 'StoreError', code: 'busy' })
  await expect(audit.note('none', note)).rejects.toMatchObject({ code: 'not-found' })
  expect(typesOf(await inner.entries('old', { after: 0, limit: 9 }))).toEqual(['start', 'end'])
})

test.each([
  ['moved', { name: 'StoreError', code: 'fenced' }],
  ['nonsense', { name: 'TypeError' }],
])('a store that says %s for ever refuses a note in the end', async (became, error) => {
  const { store: inner } = auditScene()
  await play(auditScene({ store: inner }).audit)
  const write = () => Promise.resolve([became as never])
  const { audit } = auditScene({ store: { ...methodsOf(inner), write } })
  await expect(audit.note('r', note)).rejects.toMatchObject(error)
})

test('close() waits for a note under way, and refuses the next', async () => {
  const { store, inner, held } = heldStore()
  const { audit } = auditScene({ store })
  await play(auditScene({ store: inner }).audit)
  const noting = audit.note('r', note)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  const closing = audit.close()
  await expect(audit.note('r', note)).rejects.toMatchObject({ name: 'StoreError', code: 'closed' })
  const reader = inner.connect()
  await held[0]!.pass()
  await Promise.all([noting, closing])
  expect(typesOf(await reader.entries('r', { after: 0, limit: 9 }))).toEqual(['start', 'end', note.text])
  await expect(audit.note('r', note)).rejects.toMatchObject({ code: 'closed' })
})

test('close() waits for a note no longer than waitMs', async () => {
  const { store, inner, held } = heldStore()
  const { audit, clock } = auditScene({ store, waitMs: 300 })
  await play(auditScene({ store: inner }).audit)
  void audit.note('r', note)
  await vi.waitFor(() => expect(held).toHaveLength(1))
  let isClosed = false
  const closing = audit.close().then(() => (isClosed = true))
  await clock.advance(299)
  expect(isClosed).toBe(false)
  await clock.advance(1)
  await closing
  expect(clock.pending).toBe(0)
})
