import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { connect, driverFor } from './connect.ts'
import { Connection } from './connection.ts'
import { openSqlite } from './open-sqlite.ts'
import { MIGRATIONS } from './schema.ts'
import type { SqliteDriver } from './sqlite-database.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { change, infoOf, rowsOf, said } from './stores.test-kit.ts'
import { tempFile, tempFolder } from './temp-folder.test-kit.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const CONFIG = { synchronous: 'normal', busyTimeoutMs: 100 } as const

test('openSqlite() makes a file, and all that lies beside it, for its owner alone', async () => {
  const path = join(tempFolder(), 'made', 'deep', 'runs.db')
  const store = await sqliteJournalStore(path)
  await store.create({ runId: 'r', info: infoOf('r') })
  expect(modeOf(dirname(path))).toBe('700')
  expect(readdirSync(dirname(path)).toSorted()).toEqual(['runs.db', 'runs.db-shm', 'runs.db-wal', 'runs.db.owners'])
  for (const name of ['runs.db', 'runs.db-shm', 'runs.db-wal']) expect(modeOf(join(dirname(path), name))).toBe('600')
  expect(modeOf(`${path}.owners`)).toBe('700')
  const [lock = ''] = readdirSync(`${path}.owners`)
  expect(modeOf(join(`${path}.owners`, lock))).toBe('600')
  await store.close()
  expect(readdirSync(dirname(path)).toSorted()).toEqual(['runs.db', 'runs.db.owners'])
  expect(readdirSync(`${path}.owners`)).toEqual([])
})

test.each([
  [undefined, 2],
  ['normal', 1],
  ['extra', 3],
] as const)('openSqlite() with synchronous %s sets what that says', async (synchronous, level) => {
  const db = await openSqlite(tempFile(), { ...(synchronous && { synchronous }) })
  const get = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() as object)[0] as unknown
  expect(get('synchronous')).toBe(level)
  expect(get('journal_mode')).toBe('wal')
  expect(get('foreign_keys')).toBe(1)
  expect(get('secure_delete')).toBe(1)
  expect(get('application_id')).toBe(0x45584543)
  expect(get('user_version')).toBe(MIGRATIONS.length)
  await db.close()
})

test('openSqlite() refuses what is no file of its own, and leaves it as it is', async () => {
  const folder = tempFolder()
  const at = (name: string) => join(folder, name)
  const good = await openSqlite(at('good.db'))
  await good.close()
  symlinkSync(at('good.db'), at('link.db'))
  symlinkSync(at('nothing'), at('dangling.db'))
  mkdirSync(at('folder.db'))
  writeFileSync(at('text.db'), 'no database, but long enough to look like one'.repeat(40), { mode: 0o600 })
  change(at('foreign.db'), 'CREATE TABLE theirs(a)')
  writeFileSync(at('open.db'), '', { mode: 0o600 })
  chmodSync(at('open.db'), 0o666)
  const before = readFileSync(at('foreign.db'))
  for (const name of ['link', 'dangling', 'folder', 'text', 'foreign', 'open'])
    await expect(openSqlite(at(`${name}.db`))).rejects.toMatchObject({ name: 'StoreError', code: 'not-a-store' })
  linkSync(at('good.db'), at('second.db'))
  await expect(openSqlite(at('good.db'))).rejects.toMatchObject({ code: 'not-a-store' })
  expect(readFileSync(at('foreign.db'))).toEqual(before)
  expect(existsSync(at('nothing'))).toBe(false)
})

test('openSqlite() takes an empty file for a new one', async () => {
  const path = tempFile()
  writeFileSync(path, '', { mode: 0o600 })
  const db = await openSqlite(path)
  await db.close()
  expect(rowsOf(path, 'PRAGMA application_id')).toEqual([{ application_id: 0x45584543 }])
})

test('openSqlite() refuses a newer schema, and touches nothing', async () => {
  const path = tempFile()
  const db = await openSqlite(path)
  await db.close()
  change(path, `PRAGMA user_version = 99`)
  const before = { bytes: readFileSync(path), ms: statSync(path).mtimeMs }
  await expect(openSqlite(path)).rejects.toMatchObject({
    code: 'newer-schema',
    message: `runs.db has schema 99, and this version of @executus/store-sqlite knows ${MIGRATIONS.length}; it was left as it is`,
  })
  expect({ bytes: readFileSync(path), ms: statSync(path).mtimeMs }).toEqual(before)
})

test('openSqlite() brings an older schema to the newest, with a copy beside it', async () => {
  const path = tempFile()
  const old = await connect(path, CONFIG, ['CREATE TABLE first(a)'])
  await old.write(() => old.prepare('INSERT INTO first VALUES (7)').run())
  await old.close()
  for (const migrations of [
    ['never', 'ALTER TABLE first ADD COLUMN b'],
    ['never', 'never', 'CREATE TABLE third(c)'],
  ]) {
    const db = await connect(path, CONFIG, migrations)
    await db.close()
  }
  expect(rowsOf(path, 'SELECT * FROM first')).toEqual([{ a: 7, b: null }])
  expect(rowsOf(path, 'PRAGMA user_version')).toEqual([{ user_version: 3 }])
  expect(readdirSync(dirname(path)).toSorted()).toEqual(['runs.db', 'runs.db.v1.backup', 'runs.db.v2.backup'])
  expect(rowsOf(`${path}.v1.backup`, 'SELECT * FROM first')).toEqual([{ a: 7 }])
  expect(modeOf(`${path}.v1.backup`)).toBe('600')
})

test('a migration that fails leaves the file as it was', async () => {
  const path = tempFile()
  const old = await connect(path, CONFIG, ['CREATE TABLE first(a)'])
  await old.close()
  await expect(connect(path, CONFIG, ['', 'CREATE TABLE second(a)', 'nonsense'])).rejects.toMatchObject({ code: 'io' })
  expect(rowsOf(path, 'SELECT name FROM sqlite_schema')).toEqual([{ name: 'first' }])
  expect(rowsOf(path, 'PRAGMA user_version')).toEqual([{ user_version: 1 }])
})

test('openSqlite() rolls back what a crash left half written', async () => {
  const path = tempFile()
  const store = await sqliteJournalStore(path)
  await store.create({ runId: 'r', info: infoOf('r') })
  await store.close()
  // As while the file is made: not in its log yet, and more written than fits into the memory of the connection.
  const crashing = driverFor(path, { timeout: 0 })
  crashing.exec('PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; BEGIN')
  crashing.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
    INSERT INTO entries(run_no, seq, at, crc, body) SELECT 1, i, 1, 1, hex(zeroblob(1000)) FROM n`)
  for (const end of ['', '-journal']) copyFileSync(`${path}${end}`, `${path}.copy${end}`)
  crashing.close()
  const again = await sqliteJournalStore(`${path}.copy`)
  expect(await again.read('r')).toEqual([])
  await again.close()
})

test('openSqlite() names the option that is wrong', async () => {
  const open = openSqlite as (path: unknown, options?: unknown) => Promise<unknown>
  await expect(open(7)).rejects.toThrow(TypeError('Expected `path` to be the path of a file, got `7`'))
  for (const path of ['', ' ', ':memory:', 'a.db '])
    await expect(open(path)).rejects.toThrow(expect.objectContaining({ name: 'RangeError' }))
  await expect(open('a.db', { synchronous: 'off' })).rejects.toThrow('`options.synchronous`')
  await expect(open('a.db', { busyTimeoutMs: -1 })).rejects.toThrow('`options.busyTimeoutMs`')
  await expect(open('a.db', { sync: 'full' })).rejects.toThrow('no option `sync`')
  await expect(sqliteJournalStore('a.db', { clock: {} as never })).rejects.toThrow('`options.clock`')
  await expect(sqliteJournalStore({} as never)).rejects.toThrow('`pathOrDatabase`')
  const db = await openSqlite(tempFile())
  await expect(sqliteJournalStore(db, { busyTimeoutMs: 1 })).rejects.toThrow('no option `busyTimeoutMs`')
  await db.close()
})

test('openSqlite() does not load the driver where that would crash', async () => {
  vi.spyOn(process, 'versions', 'get').mockReturnValue({ ...process.versions, napi: '9' })
  await expect(openSqlite(tempFile())).rejects.toMatchObject({ code: 'unsupported' })
})

test('a write waits for another that holds the file, and is busy after the time given, without blocking', async () => {
  const path = tempFile()
  const db = await openSqlite(path, { busyTimeoutMs: 150 })
  const other = driverFor(path, { timeout: 0 })
  other.exec('BEGIN IMMEDIATE')
  let turns = 0
  let isWaiting = true
  const turn = () => {
    turns += 1
    if (isWaiting) setImmediate(turn)
  }
  setImmediate(turn)
  const beganMs = performance.now()
  await expect(db.write(() => 1)).rejects.toMatchObject({ code: 'busy' })
  isWaiting = false
  expect(performance.now() - beganMs).toBeGreaterThan(140)
  expect(turns).toBeGreaterThan(1)

  const waiting = db.write(() => 'done')
  setTimeout(() => other.exec('ROLLBACK'), 40)
  expect(await waiting).toBe('done')
  other.close()
  await db.close()
})

test('a write that throws leaves nothing, and the next one works', async () => {
  const db = await openSqlite(tempFile())
  await db.write(() => db.prepare('CREATE TABLE t(a)').run())
  const add = () => db.prepare('INSERT INTO t VALUES (1)').run()
  const count = () => db.prepare('SELECT count(*) AS count FROM t').get()
  await expect(
    db.write(() => {
      add()
      throw new RangeError('mine')
    }),
  ).rejects.toThrow(RangeError('mine'))
  await expect(db.write(async () => add())).rejects.toThrow(TypeError)
  expect(await db.read(count)).toEqual({ count: 0 })
  await db.write(add)
  expect(await db.read(count)).toEqual({ count: 1 })
  await db.close()
  await db.close()
  await expect(db.read(count)).rejects.toMatchObject({ code: 'closed' })
})

test('after a failed fsync nothing is written any more: the next one would say that all is well', async () => {
  let isBroken = true
  const driver: SqliteDriver = {
    inTransaction: false,
    prepare: (sql) => ({
      run() {
        if (sql === 'COMMIT' && isBroken)
          throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })
        return { changes: 0, lastInsertRowid: 0 }
      },
      get: () => undefined,
      all: () => [],
    }),
    exec: () => undefined,
    close: () => undefined,
  }
  const db = new Connection('runs.db', driver, 0)
  await expect(db.write(() => 1)).rejects.toMatchObject({ code: 'io' })
  isBroken = false
  await expect(db.write(() => 1)).rejects.toMatchObject({
    code: 'io',
    message: 'The disk lost a write; open the store anew',
  })
})

test('two stores share a file that was opened once, each as an owner of its own', async () => {
  const db = await openSqlite(tempFile())
  const [one, two] = [await sqliteJournalStore(db), await sqliteJournalStore(db)]
  const made = await one.create({ runId: 'r', info: infoOf('r') })
  expect(await two.claim({ limit: 1 })).toEqual([])
  if (made.created) await one.append(made.claim, [said('a')], { expectHead: 0 })
  await one.close()
  expect(await two.claim({ limit: 1 })).toMatchObject([{ runId: 'r', head: 1, crashes: 0 }])
  await two.close()
  expect(await db.read(() => 1)).toBe(1)
  await db.close()
})
