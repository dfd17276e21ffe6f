import { expect, test } from 'vitest'

import type { AuditEntry } from './audit-entry.ts'
import type { AuditLog, AuditQuery } from './audit-log.ts'
import type { AuditRun } from './audit-run.ts'
import { auditScene, call, contentOf, end, eventsOf, infoOf, resultOf, START } from './audit.test-kit.ts'
import { verifyChain } from './chain.ts'
import { type AuditOptions, createAudit } from './create-audit.ts'

async function play(audit: AuditLog, runId: string, change: Parameters<typeof infoOf>[1] = {}): Promise<void> {
  const recorder = audit.open(infoOf(runId, change), { isResumed: false })
  for (const event of eventsOf(runId, START, call('1'), end(runId))) recorder.event(event)
  await recorder.close(resultOf(runId))
}

async function playFamily(audit: AuditLog): Promise<void> {
  await play(audit, 'a', { startedAtMs: 1 })
  await play(audit, 'a/1', { parentRunId: 'a', startedAtMs: 2 })
  await play(audit, 'a/1/1', { parentRunId: 'a/1', rootRunId: 'a', startedAtMs: 3 })
  await play(audit, 'b', { startedAtMs: 4, caller: 'eve' })
}

test('a list comes in pages, newest first', async () => {
  const { audit } = auditScene()
  await playFamily(audit)
  const first = await audit.list({ limit: 3 })
  expect(first.runs.map(({ runId }) => runId)).toEqual(['b', 'a/1/1', 'a/1'])
  const second = await audit.list({ limit: 3, after: first.next! })
  expect(second.runs.map(({ runId }) => runId)).toEqual(['a'])
  expect(second.next).toBeUndefined()
  expect((await audit.list({ caller: 'eve' })).runs).toHaveLength(1)
  expect((await audit.list({ rootRunId: 'a' })).runs).toHaveLength(3)
})

test('a query sees what was just told', async () => {
  const { audit } = auditScene()
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  recorder.event(eventsOf('r', START)[0]!)
  expect(await audit.find('r')).toMatchObject({ status: 'running', entries: 1 })
  expect(await audit.entries('r', { after: 1 })).toEqual([])
})

test('exportRun() gives the run and its entries as lines, and those below it if asked', async () => {
  const { audit } = auditScene()
  await playFamily(audit)
  const linesOf = async (below: boolean) => {
    const lines = await Array.fromAsync(audit.exportRun('a', { below }))
    return lines.map((line) => {
      expect(line.endsWith('\n')).toBe(true)
      return JSON.parse(line) as { readonly kind: string; readonly runId: string; readonly type?: string }
    })
  }
  const alone = await linesOf(false)
  expect(alone.map(({ kind, type }) => type ?? kind)).toEqual(['run', 'start', 'tool-call', 'end'])
  expect(new Set(alone.map(({ runId }) => runId))).toEqual(new Set(['a']))
  const all = await linesOf(true)
  expect(all.filter(({ kind }) => kind === 'run').map(({ runId }) => runId)).toEqual(['a', 'a/1', 'a/1/1'])
  expect(all).toHaveLength(12)
  expect(await Array.fromAsync(audit.exportRun('none', { below: true }))).toEqual([])
})

test('an export of more entries than a page gives all', async () => {
  const { audit } = auditScene()
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  for (const event of eventsOf('r', ...Array.from({ length: 1_200 }, () => call('1')))) recorder.event(event)
  expect(await Array.fromAsync(audit.exportRun('r'))).toHaveLength(1_201)
})

test('forget() leaves nothing of a run and those below it, and nothing more is kept of those at work', async () => {
  const { audit, store } = auditScene()
  await playFamily(audit)
  const parent = audit.open(infoOf('p'), { isResumed: false })
  const child = audit.open(infoOf('p/1', { parentRunId: 'p' }), { isResumed: false })
  for (const [recorder, id] of [
    [parent, 'p'],
    [child, 'p/1'],
  ] as const)
    recorder.event(eventsOf(id, START)[0]!)
  expect(await audit.forget('p')).toBe(0)
  await audit.flush()
  for (const [recorder, id] of [
    [parent, 'p'],
    [child, 'p/1'],
  ] as const)
    recorder.event(eventsOf(id, call('1'))[0]!)
  await parent.close(resultOf('p'))
  expect(await audit.forget('a')).toBe(3)
  expect(await audit.find('p')).toBeUndefined()
  expect((await audit.list()).runs.map(({ runId }) => runId)).toEqual(['b'])
  expect(await contentOf(store)).not.toMatch(/"a"|p\/1/)
  expect(audit.stats()).toMatchObject({ buffered: 0, bufferedChars: 0 })
})

test('what begins below a forgotten run is not kept, and a new run of its id is', async () => {
  const { audit } = auditScene()
  const forgotten = audit.open(infoOf('p'), { isResumed: false })
  forgotten.event(eventsOf('p', START)[0]!)
  expect(await audit.forget('p')).toBe(0)
  await play(audit, 'p/1', { parentRunId: 'p' })
  const child = audit.open(infoOf('p/2', { parentRunId: 'p' }), { isResumed: false })
  await play(audit, 'p/2/1', { parentRunId: 'p/2' })
  await child.close(resultOf('p/2'))
  expect((await audit.list()).runs).toEqual([])
  await forgotten.close(resultOf('p'))
  await play(audit, 'p')
  await play(audit, 'p/1', { parentRunId: 'p' })
  expect((await audit.list()).runs.map(({ runId }) => runId).toSorted()).toEqual(['p', 'p/1'])
})

test('a run that another process forgot stays forgotten', async () => {
  const { audit, store } = auditScene()
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  recorder.event(eventsOf('r', START)[0]!)
  await audit.flush()
  await store.forget('r')
  recorder.event(eventsOf('r', call('1'))[0]!)
  expect(await audit.find('r')).toBeUndefined()
  expect(audit.stats()).toMatchObject({ buffered: 0, dropped: 0 })
})

test('sweep() forgets what ended before a time', async () => {
  const { audit } = auditScene()
  await playFamily(audit)
  expect(await audit.sweep({ endedBeforeMs: 1_002 })).toBe(0)
  expect(await audit.sweep({ endedBeforeMs: 1_003, limit: 1 })).toBe(1)
  expect((await audit.list()).runs.map(({ runId }) => runId)).toEqual(['b'])
})

async function chained(): Promise<{ readonly run: AuditRun; readonly entries: readonly AuditEntry[] }> {
  const { audit } = auditScene({ chain: true })
  await play(audit, 'r', { subject: 'tea' })
  return { run: (await audit.find('r'))!, entries: await audit.entries('r') }
}

test('a chain that nobody touched is whole', async () => {
  const { audit } = auditScene({ chain: true })
  await play(audit, 'r')
  const run = await audit.find('r')
  expect(await audit.verify('r')).toEqual({ isWhole: true, entries: 3, headHash: run?.headHash })
  expect(run?.headHash).toMatch(/^[0-9a-f]{64}$/)
  expect(await audit.verify('none')).toBeUndefined()
})

test('any change to any field of any entry or of the record breaks the chain', async () => {
  const { run, entries } = await chained()
  const isWhole = async (change: { readonly run?: AuditRun; readonly entries?: readonly AuditEntry[] }) =>
    (await verifyChain(change.run ?? run, change.entries ?? entries)).isWhole
  expect(await isWhole({})).toBe(true)
  for (const [index, entry] of entries.entries())
    for (const key of Object.keys(entry))
      expect([key, await isWhole({ entries: entries.with(index, { ...entry, [key]: 'other' }) })]).toEqual([key, false])
  const counts = new Set(['segments', 'dropped', 'updatedAtMs'])
  for (const key of Object.keys(run).filter((name) => !counts.has(name)))
    expect([key, await isWhole({ run: { ...run, [key]: 'other' } })]).toEqual([key, false])
})

test('a record that says of a run at work that it has ended breaks the chain', async () => {
  const { audit } = auditScene({ chain: true })
  audit.open(infoOf('r'), { isResumed: false }).event(eventsOf('r', START)[0]!)
  const run = (await audit.find('r'))!
  const entries = await audit.entries('r')
  expect(await verifyChain(run, entries)).toMatchObject({ isWhole: true })
  expect(await verifyChain({ ...run, status: 'ok' }, entries)).toEqual({ isWhole: false, seq: 1, reason: 'outcome' })
})

test.each([
  ['before the run ends', false],
  ['after the run has ended', true],
])('a process that was shut out and says so %s breaks no chain', async (_, isLast) => {
  const { audit, store } = auditScene({ chain: true })
  const other = auditScene({ store, chain: true }).audit
  const lost = audit.open(infoOf('r'), { isResumed: false })
  lost.event(eventsOf('r', START)[0]!)
  await audit.flush()
  const owner = other.open(infoOf('r'), { isResumed: true })
  for (const event of eventsOf('r', START, ...(isLast ? [end('r')] : []))) owner.event(event)
  await other.flush()
  const late = [call('1'), end('r', { status: 'interrupted', stopReason: 'fenced' } as never)]
  for (const event of eventsOf('r', ...late)) lost.event(event)
  await lost.close(resultOf('r'))
  expect(await audit.verify('r')).toMatchObject({ isWhole: true, entries: 4 + Number(isLast) })
})

test('the first break of a chain is told', async () => {
  const { run, entries } = await chained()
  const [first, second, third] = entries as [AuditEntry, AuditEntry, AuditEntry]
  const { hash: _, ...bare } = second
  const damaged = { type: 'damaged', runId: 'r', seq: 2, atMs: 0 } as const
  expect(await verifyChain(run, [first, third])).toEqual({ isWhole: false, seq: 2, reason: 'missing' })
  expect(await verifyChain(run, [first, { ...second, atMs: 7 }, third])).toEqual({
    isWhole: false,
    seq: 2,
    reason: 'changed',
  })
  expect(await verifyChain(run, [first, damaged, third])).toEqual({ isWhole: false, seq: 2, reason: 'damaged' })
  expect(await verifyChain(run, [first, bare as AuditEntry, third])).toEqual({
    isWhole: false,
    seq: 2,
    reason: 'no-hash',
  })
  expect(await verifyChain(run, [first, second])).toEqual({ isWhole: false, seq: 2, reason: 'head' })
  expect(await verifyChain({ ...run, subject: 'x' }, entries)).toEqual({ isWhole: false, seq: 3, reason: 'about' })
  expect(await verifyChain({ ...run, output: 'x' }, entries)).toEqual({ isWhole: false, seq: 3, reason: 'outcome' })
})

test.each<[AuditOptions, string]>([
  [{ maxTextChars: 0 }, 'Expected `options.maxTextChars` to be an integer of 1 or more, got `0`'],
  [{ chain: 1 as never }, 'Expected `options.chain` to be a boolean, got `1`'],
  [{ store: {} as never }, 'Expected `options.store` to be an object with a method `write`, got an object'],
  [{ flushAfterMs: -1 }, 'Expected `options.flushAfterMs` to be an integer of 0 or more, got `-1`'],
  [{ secret: [] } as never, 'Expected `options` to have no option `secret`. Did you mean `secrets`?'],
])('createAudit(%o) is refused', (options, message) => {
  expect(() => createAudit(options)).toThrow(message)
})

test.each<[AuditQuery, string]>([
  [{ limit: 0 }, 'Expected `query.limit` to be an integer of 1 or more, got `0`'],
  [{ status: ['done'] as never }, 'Expected `query.status[0]` to be one of running, ok, error'],
  [{ caller: 7 as never }, 'Expected `query.caller` to be a string, got `7`'],
  [{ fromMs: Number.NaN }, 'Expected `query.fromMs` to be milliseconds since the epoch, got `NaN`'],
  [{ after: 'x' }, 'Expected `query.after` to be `next` of an earlier page'],
  [{ user: 'eve' } as never, 'Expected `query` to have no option `user`'],
])('list(%o) is refused', async (query, message) => {
  await expect(auditScene().audit.list(query)).rejects.toThrow(message)
})
