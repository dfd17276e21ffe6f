import { createHash } from 'node:crypto'
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'

import { type FileToSave, systemClock } from '@executus/core'
import { StoreError } from '@executus/core/store-error'
import { scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { openSqlite } from './open-sqlite.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { sqliteFileStore } from './sqlite-file-store.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { begin, change, infoOf, rowsOf } from './stores.test-kit.ts'
import { tempFile, tempFolder } from './temp-folder.test-kit.ts'

const LARGE = 'x'.repeat(1024 * 1024 + 1)
const NORMAL = { synchronous: 'normal' } as const
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const textIn = (file: { readonly bytes: Uint8Array } | undefined) => file && Buffer.from(file.bytes).toString()

function note(text: string, runId = 'r', name?: string): FileToSave {
  return { run: { runId }, mediaType: 'text/plain', source: { text }, ...(name !== undefined && { name }) }
}

test.each([
  ['a text', 'Grüße \u{1f600}\0', undefined],
  ['an empty text', '', 'empty.txt'],
  ['a large text', LARGE, '../../etc/passwd'],
])('%s that was saved is read as it was, also by another process', async (_, text, name) => {
  const path = tempFile()
  const clock = { ...systemClock, now: () => 7.5 }
  const store = await sqliteFileStore(path, { ...NORMAL, clock })
  const saved = await store.save(note(text, 'r', name))
  expect(saved.name).toMatch(/^file-[0-9a-hjkmnp-tv-z]{16}$/)
  const other = await sqliteFileStore(path)
  const size = Buffer.byteLength(text)
  const file = {
    name: saved.name,
    runId: 'r',
    mediaType: 'text/plain',
    size,
    savedAtMs: 7,
    ...(name && { originalName: name }),
  }
  const read = await other.read(saved.name)
  expect(read).toMatchObject(file)
  expect(textIn(read)).toBe(text)
  expect(await other.list({ runId: 'r' })).toMatchObject([file])
  await Promise.all([store.close(), other.close()])
})

test('base64 is decoded, and an address is kept as one', async () => {
  const store = await sqliteFileStore(tempFile(), NORMAL)
  const pdf = { run: { runId: 'r' }, mediaType: 'application/pdf', name: 'a.pdf' }
  const inline = await store.save({ ...pdf, source: { base64: '/9j/4A==' } })
  expect(await store.read(inline.name)).toMatchObject({
    mediaType: 'application/pdf',
    bytes: Buffer.from('/9j/4A==', 'base64'),
  })
  const linked = await store.save({ ...pdf, source: { url: 'https://example.com/a.pdf' } })
  const read = await store.read(linked.name)
  expect([read?.mediaType, read?.originalName, textIn(read)]).toEqual([
    'text/uri-list',
    'a.pdf',
    'https://example.com/a.pdf',
  ])
  await store.close()
})

test.each([
  [{ base64: 'AAA' }, 'base64, padded'],
  [{ base64: 'AAB=' }, 'base64, padded'],
  [{ base64: 'AA A' }, 'base64, padded'],
  [{ base64: '_-8=' }, 'base64, padded'],
  [{ base64: 'AA==AAAA' }, 'base64, padded'],
  [{ base64: 'data:text/plain;base64,AAAA' }, 'base64, padded'],
  [{ url: 'file:///etc/passwd' }, 'an address of http or https'],
  [{ url: 'nowhere' }, 'an address of http or https'],
  [{ text: 'x'.repeat(101) }, 'at most 100 bytes'],
  [{ text: 'ü'.repeat(51) }, 'at most 100 bytes'],
  [{ base64: 'A'.repeat(136) }, 'at most 100 bytes'],
  [{ text: 7 }, 'an object with a `text`, `base64` or `url`'],
  [undefined, 'an object with a `text`, `base64` or `url`'],
])('save() refuses the source %o, and keeps nothing', async (source, message) => {
  const path = tempFile()
  const store = await sqliteFileStore(path, { ...NORMAL, maxFileBytes: 100 })
  await expect(store.save({ ...note(''), source } as FileToSave)).rejects.toThrow(message)
  await expect(store.save({ ...note('x'), run: { runId: ' ' } })).rejects.toThrow('`file.run.runId`')
  await expect(store.save(note('x'), { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  expect(rowsOf(path, 'SELECT * FROM files')).toEqual([])
  await store.save({ ...note('y'.repeat(100)) })
  await store.close()
})

test('each content is kept once, and each file has a name of its own', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const names: string[] = []
  for (const text of ['small', LARGE])
    for (const [runId, name] of [
      ['a', 'x.txt'],
      ['a', 'y.txt'],
      ['b', 'x.txt'],
    ])
      // prettier-ignore
      names.push((await store.save(note(text, runId, name))).name)
  expect(new Set(names).size).toBe(6)
  expect(rowsOf(path, 'SELECT size, body IS NULL AS is_large FROM blobs')).toEqual([
    { size: 5, is_large: 0 },
    { size: LARGE.length, is_large: 1 },
  ])
  expect(readdirSync(`${path}.blobs`)).toHaveLength(1)
  await store.close()
})

test('the same file saved again, as after a crash, is the same file', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  for (const text of ['small', LARGE]) {
    const first = await store.save(note(text, 'r', 'x'))
    expect(await Promise.all([1, 2, 3].map(() => store.save(note(text, 'r', 'x'))))).toEqual([first, first, first])
  }
  expect(await store.list({ runId: 'r' })).toHaveLength(2)
  await store.close()
})

test('large files lie in a folder for the owner alone', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  await store.save(note(LARGE))
  const [name = ''] = readdirSync(`${path}.blobs`)
  expect(name).toMatch(/^[0-9a-f]{64}$/)
  expect([modeOf(`${path}.blobs`), modeOf(join(`${path}.blobs`, name))]).toEqual(['700', '600'])
  await store.close()
})

test('any string may be asked for, and a name that was not given out is nothing', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const { name } = await store.save(note('x'))
  for (const other of ['nothing', '../runs.db', `${name} `, name.toUpperCase(), '%', '\0', `' OR 1=1 --`])
    expect(await store.read(other)).toBeUndefined()
  expect(await store.list({ runId: 'q' })).toEqual([])
  await store.close()
})

test('content that was changed is not given out, and saving it again heals it', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  for (const [text, damage] of [
    ['small', () => change(path, `UPDATE blobs SET body = CAST('smell' AS BLOB) WHERE size = 5`)],
    [LARGE, () => writeFileSync(onlyBlob(path), LARGE.replace('x', 'y'))],
    [LARGE, () => appendFileSync(onlyBlob(path), 'x')],
    [LARGE, () => change(path, `UPDATE blobs SET sha256 = '../../runs.db' WHERE size > 5`)],
  ] as const) {
    const { name } = await store.save(note(text))
    damage()
    const problem: unknown = await store.read(name).catch((error: unknown) => error)
    expect(problem).toSatisfy((error) => StoreError.is(error))
    expect(problem).toMatchObject({ code: 'corrupt', message: `What is kept of ${name} is damaged` })
    await store.save(note(text))
    expect(textIn(await store.read(name))).toBe(text)
  }
  await store.close()
})

test('what is told about a file and was changed is not given out', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const { name } = await store.save(note('text', 'r', 'report.txt'))
  change(path, `UPDATE files SET about = replace(about, 'report', 'resort')`)
  await expect(store.read(name)).rejects.toMatchObject({ code: 'corrupt' })
  await expect(store.list({ runId: 'r' })).rejects.toMatchObject({ code: 'corrupt' })
  await store.save(note('text', 'r', 'report.txt'))
  change(path, `UPDATE files SET run_id = 's'`)
  await expect(store.list({ runId: 's' })).rejects.toMatchObject({ code: 'corrupt' })
  await store.close()
})

test('forget() forgets the files of one run, and content with its last file', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const kept = [await store.save(note('both', 'b')), await store.save(note(LARGE, 'b'))]
  for (const text of ['both', LARGE, 'own', `own ${LARGE}`]) await store.save(note(text, 'a'))
  expect(readdirSync(`${path}.blobs`)).toHaveLength(2)
  expect(await store.forget('a')).toBe(4)
  expect(await store.forget('a')).toBe(0)
  for (const { name } of kept) expect(await store.read(name)).toBeDefined()
  expect(rowsOf(path, 'SELECT count(*) AS count FROM blobs')).toEqual([{ count: 2 }])
  expect(readdirSync(`${path}.blobs`)).toHaveLength(1)
  expect(await store.forget('b')).toBe(2)
  expect(rowsOf(path, 'SELECT (SELECT count(*) FROM blobs) + (SELECT count(*) FROM files) AS count')).toEqual([
    { count: 0 },
  ])
  expect(readdirSync(`${path}.blobs`)).toEqual([])
  await store.close()
})

test('sweep() forgets what is old, oldest first, but not what a run that is not over may ask for', async () => {
  const db = await openSqlite(tempFile(), NORMAL)
  let nowMs = 0
  const clock = { ...systemClock, now: () => nowMs }
  const [store, journal] = [await sqliteFileStore(db, { clock }), await sqliteJournalStore(db)]
  const root = await begin(journal, 'open')
  const child = await journal.create({
    runId: 'open/c',
    info: { ...infoOf('open/c'), rootRunId: 'open', parentRunId: 'open' },
  })
  for (const runId of ['elsewhere', 'open', 'open/c'])
    for (let index = 0; index < 120; index++, nowMs++) await store.save(note(`${index} of ${runId}`, runId))
  if (child.created) await journal.settle(child.claim, { status: 'ok', stopReason: 'answered', output: '' })
  const count = async (runId: string) => (await store.list({ runId })).length
  expect(await store.sweep({ savedBeforeMs: 5, limit: 3 })).toBe(3)
  expect(await store.sweep({ savedBeforeMs: 5, limit: Number.POSITIVE_INFINITY })).toBe(2)
  expect(await store.sweep({ savedBeforeMs: Number.POSITIVE_INFINITY, limit: 1_000 })).toBe(115)
  expect([await count('elsewhere'), await count('open'), await count('open/c')]).toEqual([0, 120, 120])
  await journal.settle(root, { status: 'ok', stopReason: 'answered', output: '' })
  expect(await store.sweep({ savedBeforeMs: Number.POSITIVE_INFINITY, limit: 1_000 })).toBe(240)
  await Promise.all([store.close(), journal.close()])
  await db.close()
})

test('runs that the journal forgets take their files with them, those of the runs below them too', async () => {
  const path = tempFile()
  const db = await openSqlite(path, NORMAL)
  const [store, journal] = [await sqliteFileStore(db), await sqliteJournalStore(db)]
  for (const runId of ['old', 'new']) {
    const claim = await begin(journal, runId)
    const info = { ...infoOf(`${runId}/c`), rootRunId: runId, parentRunId: runId }
    await journal.create({ runId: `${runId}/c`, info })
    for (const text of ['shared', `own ${runId}`, `${LARGE} of ${runId}`]) {
      await store.save(note(text, runId))
      await store.save(note(text, `${runId}/c`))
    }
    if (runId === 'old') await journal.settle(claim, { status: 'ok', stopReason: 'answered', output: '' })
  }
  expect(readdirSync(`${path}.blobs`)).toHaveLength(2)
  expect(await journal.sweep({ settledBeforeMs: Number.POSITIVE_INFINITY, limit: 10 })).toBe(1)
  expect(rowsOf(path, 'SELECT DISTINCT run_id FROM files ORDER BY run_id')).toEqual([
    { run_id: 'new' },
    { run_id: 'new/c' },
  ])
  expect(rowsOf(path, 'SELECT count(*) AS count FROM blobs')).toEqual([{ count: 3 }])
  expect(readdirSync(`${path}.blobs`)).toHaveLength(1)
  await Promise.all([store.close(), journal.close()])
  await db.close()
})

test('sweep() removes what a crash left in the folder, once it is an hour old, and nothing else', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const { name } = await store.save(note(LARGE))
  const content = onlyBlob(path)
  const leftovers = ['a'.repeat(64), `${'b'.repeat(64)}.${crypto.randomUUID()}.tmp`]
  for (const one of [...leftovers, 'notes.txt']) writeFileSync(join(`${path}.blobs`, one), 'x')
  const names = () => readdirSync(`${path}.blobs`)
  await store.sweep({ savedBeforeMs: 0, limit: 1 })
  expect(names()).toHaveLength(4)
  for (const one of names()) utimesSync(join(`${path}.blobs`, one), 1, 1)
  await store.sweep({ savedBeforeMs: 0, limit: 1 })
  expect(names().toSorted()).toEqual([content.slice(-64), 'notes.txt'].toSorted())
  expect(await store.read(name)).toBeDefined()
  await store.close()
})

test('a write that fails leaves neither a row nor a file', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const blocked = join(`${path}.blobs`, createHash('sha256').update(LARGE).digest('hex'))
  mkdirSync(join(blocked, 'full'), { recursive: true })
  const problem: unknown = await store.save(note(LARGE)).catch((error: unknown) => error)
  expect(problem).toMatchObject({ name: 'StoreError', code: 'io' })
  expect(rowsOf(path, 'SELECT (SELECT count(*) FROM blobs) + (SELECT count(*) FROM files) AS count')).toEqual([
    { count: 0 },
  ])
  expect(readdirSync(`${path}.blobs`)).toEqual([basename(blocked)])
  await store.close()
})

test('content that is saved while it is forgotten elsewhere is there', async () => {
  const path = tempFile()
  const [one, two] = [await sqliteFileStore(path, NORMAL), await sqliteFileStore(path, NORMAL)]
  for (let round = 0; round < 25; round++) {
    await one.save(note(LARGE, 'other'))
    const [{ name }] = await Promise.all([
      two.save(note(LARGE, `r${round}`)),
      one.forget('other'),
      one.forget(`r${round - 1}`),
    ])
    expect((await one.read(name))?.size).toBe(LARGE.length)
  }
  await Promise.all([one.close(), two.close()])
})

test('content that is taken away before its row is written is put there again', async () => {
  const path = tempFile()
  const [one, db] = [await sqliteFileStore(path, NORMAL), await openSqlite(path, NORMAL)]
  await one.save(note(LARGE, 'other'))
  let isFirst = true
  const slow: SqliteDatabase = {
    path,
    prepare: (sql) => db.prepare(sql),
    async write(work) {
      if (isFirst) await one.forget('other')
      isFirst = false
      return db.write(work)
    },
    writeOne: (work) => db.writeOne(work),
    read: (work) => db.read(work),
    close: () => db.close(),
  }
  const two = await sqliteFileStore(slow)
  const { name } = await two.save(note(LARGE))
  expect(isFirst).toBe(false)
  expect((await one.read(name))?.size).toBe(LARGE.length)
  await Promise.all([one.close(), two.close()])
  await db.close()
})

test('a folder of blobs that is a link is not written to', async () => {
  const path = tempFile()
  const store = await sqliteFileStore(path, NORMAL)
  const elsewhere = tempFolder()
  symlinkSync(elsewhere, `${path}.blobs`)
  await expect(store.save(note(LARGE))).rejects.toMatchObject({ code: 'not-a-store' })
  expect(readdirSync(elsewhere)).toEqual([])
  expect(lstatSync(`${path}.blobs`).isSymbolicLink()).toBe(true)
  await store.close()
})

test('after close() all is refused, and a second close() does nothing', async () => {
  const db = await openSqlite(tempFile(), NORMAL)
  const store = await sqliteFileStore(db)
  await store.close()
  await store.close()
  const closed = expect.objectContaining({ code: 'closed' })
  await expect(store.save(note('x'))).rejects.toEqual(closed)
  await expect(store.save(note(LARGE))).rejects.toEqual(closed)
  await expect(store.read('x')).rejects.toEqual(closed)
  await expect(store.list({ runId: 'r' })).rejects.toEqual(closed)
  await expect(store.forget('r')).rejects.toEqual(closed)
  await expect(store.sweep({ savedBeforeMs: 0, limit: 1 })).rejects.toEqual(closed)
  expect(await db.read(() => 1)).toBe(1)
  await db.close()
})

test('sqliteFileStore() names the option that is wrong', async () => {
  const open = sqliteFileStore as (path: unknown, options?: unknown) => Promise<unknown>
  await expect(open(tempFile(), { maxFileBytes: -1 })).rejects.toThrow('`options.maxFileBytes`')
  await expect(open(tempFile(), { clock: {} })).rejects.toThrow('`options.clock`')
  await expect(open(tempFile(), { size: 1 })).rejects.toThrow('no option `size`')
  await expect(open({})).rejects.toThrow('`pathOrDatabase`')
})

test('an executor keeps long output and files of its runs there', async () => {
  const store = await sqliteFileStore(tempFile(), NORMAL)
  const { executor, model } = scriptedHost([{ text: 'Hi.' }], { fileStore: store })
  const pdf = { type: 'file', mediaType: 'application/pdf', name: 'plan.pdf', source: { base64: 'JVBERg==' } } as const
  await executor.run({ name: 'a' }, 'go', { files: [pdf] })
  const [name = ''] = /file-\w+/.exec(JSON.stringify(model.requests)) ?? []
  expect(await store.read(name)).toMatchObject({ runId: 'run-1', originalName: 'plan.pdf', size: 4 })
  await store.close()
})

/** The path of the only large content. */
function onlyBlob(path: string): string {
  const [name = '', ...more] = readdirSync(`${path}.blobs`).filter((one) => /^[0-9a-f]{64}$/.test(one))
  expect(more).toEqual([])
  return join(`${path}.blobs`, name)
}
