import { defineTool, type RunEventBody } from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { AuditNote } from './audit-log.ts'
import type { AuditStore } from './audit-store.ts'
import { auditScene, call, contentOf, end, eventsOf, infoOf, methodsOf, resultOf, START } from './audit.test-kit.ts'
import { CANARY, tracesIn } from './canaries.test-kit.ts'
import { begin, note, play, typesOf } from './note.test-kit.ts'

const RESUMED = { ...START, isResumed: true } as RunEventBody

test('a note of a run at work here stands behind what was told before it, and the run goes on', async () => {
  const { audit, clock } = auditScene({ chain: true })
  const recorder = begin(audit)
  recorder.event(eventsOf('r', call('1'))[0]!)
  await clock.advance(7)
  await audit.note('r', { ...note, by: 'bot' })
  for (const event of eventsOf('r', call('2'), end('r'))) recorder.event(event)
  await recorder.close(resultOf('r'))
  const entries = await audit.entries('r')
  expect(typesOf(entries)).toEqual(['start', 'tool-call', note.text, 'tool-call', 'end'])
  expect(entries[2]).toEqual({
    ...{ type: 'note', about: 'delivery', text: note.text, by: 'bot', runId: 'r', seq: 3, atMs: clock.now() },
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(await audit.find('r')).toMatchObject({ status: 'ok', toolCalls: 2, segments: 1, dropped: 0, entries: 5 })
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: 5 })
  expect(audit.stats()).toMatchObject({ written: 5, dropped: 0, buffered: 0 })
})

test('a tool may note something of the run that it works for', async () => {
  const { audit } = auditScene({ chain: true })
  const send = defineTool({
    name: 'send',
    description: 'x',
    effect: 'write',
    input: z.object({}),
    run: async (_, { runId }) => {
      await audit.note(runId, note)
      return 'sent'
    },
  })
  const { executor } = scriptedHost([{ calls: [{ name: 'send', input: {} }] }, { text: 'Hi.' }], {
    audit,
    tools: [send],
  })
  expect(await executor.run({ name: 'a', tools: ['send'] }, 'go', { runId: 'r' })).toMatchObject({ status: 'ok' })
  const types = ['start', 'tool-call', note.text, 'tool-result', 'step', 'step', 'end']
  expect(typesOf(await audit.entries('r'))).toEqual(types)
  expect(await audit.verify('r')).toMatchObject({ isWhole: true })
})

test('a note of a run that has ended comes after its end, and the record stays as it is', async () => {
  const { audit, clock } = auditScene({ chain: true })
  await play(audit)
  const before = (await audit.find('r'))!
  await audit.note('r', note)
  const entries = await audit.entries('r')
  expect(typesOf(entries)).toEqual(['start', 'end', note.text])
  const changed = { entries: 3, updatedAtMs: clock.now(), headHash: entries[2]!.hash }
  expect(await audit.find('r')).toEqual({ ...before, ...changed })
  expect(await audit.verify('r')).toEqual({ isWhole: true, entries: 3, headHash: changed.headHash })
  const lines = await Array.fromAsync(audit.exportRun('r'))
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ kind: 'entry', type: 'note', ...note })
})

test('a note that somebody changed breaks the chain', async () => {
  const { audit, store } = auditScene({ chain: true })
  await play(audit)
  await audit.note('r', note)
  const entries: AuditStore['entries'] = async (...query) =>
    (await store.entries(...query)).map((entry) =>
      entry.type === 'note' ? { ...entry, text: 'All went well.' } : entry,
    )
  const reader = auditScene({ store: { ...methodsOf(store), entries } }).audit
  expect(await reader.verify('r')).toEqual({ isWhole: false, seq: 3, reason: 'changed' })
})

test('a run that is taken up goes on behind the notes between its segments', async () => {
  const { audit, store } = auditScene({ chain: true })
  const first = begin(audit)
  first.event(eventsOf('r', end('r', { status: 'interrupted', stopReason: 'shutdown' } as never))[0]!)
  await first.close(resultOf('r'))
  await audit.note('r', { ...note, text: 'between' })
  const second = auditScene({ store, chain: true }).audit
  const recorder = second.open(infoOf('r'), { isResumed: true })
  recorder.event(eventsOf('r', RESUMED)[0]!)
  await second.note('r', { ...note, text: 'second' })
  await audit.note('r', { ...note, text: 'from the first' })
  recorder.event(eventsOf('r', end('r'))[0]!)
  await recorder.close(resultOf('r'))
  expect(typesOf(await audit.entries('r'))).toEqual([
    ...['start', 'end', 'between', 'start', 'second', 'from the first', 'end'],
  ])
  expect(await audit.find('r')).toMatchObject({ status: 'ok', segments: 2, entries: 7 })
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: 7 })
})

test('a record with a chain keeps it, though the audit that notes makes none', async () => {
  const { audit, store } = auditScene({ chain: true })
  await play(audit)
  await auditScene({ store }).audit.note('r', note)
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: 3 })
  const plain = auditScene()
  await play(plain.audit)
  await plain.audit.note('r', note)
  expect((await plain.audit.entries('r')).at(-1)).not.toHaveProperty('hash')
})

test('a note of a run that is not there or was forgotten is refused and brings nothing back', async () => {
  const { audit, store } = auditScene()
  await play(audit, 'a')
  begin(audit, 'b')
  await audit.flush()
  for (const runId of ['a', 'b']) await audit.forget(runId)
  for (const runId of ['a', 'b', 'none'])
    await expect(audit.note(runId, note)).rejects.toMatchObject({ name: 'StoreError', code: 'not-found' })
  expect(await contentOf(store)).toBe('[]')
})

test('a record without an entry gets none by a note, as that could bring it back', async () => {
  const { audit, store } = auditScene()
  await play(audit)
  const { headHash: _, ...run } = (await audit.find('r'))!
  await store.write([{ run: { ...run, runId: 'bare', entries: 0 }, after: 0, entries: [] }])
  await expect(audit.note('bare', note)).rejects.toMatchObject({ code: 'not-found' })
})

test('the texts of a note are redacted and cut', async () => {
  const { audit, store } = auditScene({ secrets: [CANARY], maxTextChars: 20, chain: true })
  await play(audit)
  await audit.note('r', { about: `x ${CANARY}`, text: `${CANARY} ${'y'.repeat(100)}`, by: CANARY })
  expect((await audit.entries('r')).at(-1)).toMatchObject({
    about: 'x [redacted:secret]',
    text: expect.stringMatching(/^\[redacted:secret\].*more characters\]$/),
    by: '[redacted:secret]',
  })
  expect(tracesIn(await contentOf(store))).toEqual([])
  await audit.note('r', { about: 'z'.repeat(2_000), text: 'x', by: 'z'.repeat(2_000) })
  const cut = `${'z'.repeat(512)}… [1488 more characters]`
  expect((await audit.entries('r')).at(-1)).toMatchObject({ about: cut, by: cut })
})

test('when the secrets cannot be told, a note is refused', async () => {
  let isOpen = true
  const secrets = () => {
    if (isOpen) return [CANARY]
    throw new Error('the vault is closed')
  }
  const { audit, store } = auditScene({ secrets })
  await play(audit)
  isOpen = false
  await expect(audit.note('r', { ...note, text: 'unseen' })).rejects.toThrow('the vault is closed')
  expect(await contentOf(store)).not.toContain('unseen')
})

test.each<[unknown, unknown, string, string]>([
  [7, note, 'TypeError', 'Expected `runId` to be a string, got `7`'],
  ['r', undefined, 'TypeError', 'Expected `note` to be an object, got `undefined`'],
  ['r', { text: 'x' }, 'TypeError', 'Expected `note.about` to be a string, got `undefined`'],
  ['r', { ...note, about: ' ' }, 'RangeError', 'Expected `note.about` to be a string that is not blank'],
  ['r', { ...note, text: '' }, 'RangeError', 'Expected `note.text` to be a string that is not blank'],
  ['r', { ...note, by: 7 }, 'TypeError', 'Expected `note.by` to be a string, got `7`'],
  ['r', { ...note, who: 'eve' }, 'TypeError', 'Expected `note` to have no option `who`.'],
])('note(%o, %o) is refused', async (runId, bad, name, message) => {
  const { audit } = auditScene()
  await play(audit)
  const error = await audit.note(runId as string, bad as AuditNote).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name, message: expect.stringContaining(message) })
  expect(await audit.find('r')).toMatchObject({ entries: 2 })
})
