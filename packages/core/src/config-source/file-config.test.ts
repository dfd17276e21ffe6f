import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Schema } from '@executus/llm'
import { type FakeClock, fakeClock } from '@executus/llm/testing'
import { onTestFinished, expect, test } from 'vitest'
import { z } from 'zod'

import { recordingLogger } from '../testing/index.ts'
import { staticConfig } from './config-source.ts'
import { ConfigError } from './errors.ts'
import { fileConfig } from './file-config.ts'

const schema = z.object({ model: z.string(), steps: z.number().int().default(12) })

function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'executus-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'agent.json')
  const clock = fakeClock()
  const logger = recordingLogger()
  // A rename, so that every version is another file: two writes can fall into one tick of a file system's clock.
  const write = (text: string) => {
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
  return { path, clock, logger, write, source: fileConfig(path, schema, { clock, logger, pollMs: 1_000 }) }
}

/** Lets one look happen, to its end: only then the next one is set. */
async function look(clock: FakeClock): Promise<void> {
  await clock.advance(1_000)
  while (clock.pending === 0) await new Promise(setImmediate)
}

test('staticConfig() gives its value and never changes', async () => {
  const source = staticConfig({ steps: 3 })
  expect(source.current).toEqual({ steps: 3 })
  expect(await source.load()).toEqual({ steps: 3 })
  source.watch(() => expect.unreachable())()
})

test('load() gives what the schema makes of the file', async () => {
  const { source, write } = opened()
  expect(source.current).toBeUndefined()
  write('\uFEFF{ "model": "a/b" }')
  expect(await source.load()).toEqual({ model: 'a/b', steps: 12 })
  expect(source.current).toEqual({ model: 'a/b', steps: 12 })
})

test('load() rejects a file that is not there, is no JSON or does not fit, and names it and every issue', async () => {
  const { source, write, path } = opened()
  await expect(source.load()).rejects.toMatchObject({ code: 'unreadable', path, cause: { code: 'ENOENT' } })
  write('{ "model": ')
  await expect(source.load()).rejects.toMatchObject({ code: 'not-json', message: expect.stringContaining(path) })
  write('{ "steps": 1.5 }')
  const error: unknown = await source.load().catch((thrown: unknown) => thrown)
  expect(ConfigError.is(error)).toBe(true)
  expect(error).toMatchObject({ name: 'ConfigError', code: 'invalid', path })
  expect(String(error)).toMatch(/agent\.json: .*model: .*; steps: /)
  expect(source.current).toBeUndefined()
})

test('a schema that throws is a file that does not fit', async () => {
  const { path, write } = opened()
  write('{}')
  const broken = { '~standard': { validate: () => Promise.reject(new Error('broken')) } } as unknown as Schema
  await expect(fileConfig(path, broken).load()).rejects.toMatchObject({ code: 'invalid' })
})

test('watch() tells of each change, for better or worse; a bad file changes nothing', async () => {
  const { source, write, clock, logger, path } = opened()
  write('{ "model": "a/b" }')
  await source.load()
  const changes: unknown[] = []
  const stop = source.watch((change) => changes.push(change))
  await look(clock)
  expect(changes).toEqual([])

  write('{ "model": "c/d" }')
  await look(clock)
  expect(changes.splice(0)).toEqual([{ ok: true, value: { model: 'c/d', steps: 12 } }])

  write('{ "model": 5, "steps": "x" }')
  await look(clock)
  await look(clock)
  expect(changes.splice(0)).toEqual([
    { ok: false, error: expect.objectContaining({ code: 'invalid', path }), value: { model: 'c/d', steps: 12 } },
  ])
  expect(source.current).toEqual({ model: 'c/d', steps: 12 })
  expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('model: ') }])

  rmSync(path)
  await look(clock)
  await look(clock)
  expect(changes.splice(0)).toMatchObject([{ ok: false, error: { code: 'unreadable' }, value: { model: 'c/d' } }])

  write('{ "model": "e/f" }')
  await look(clock)
  expect(changes.splice(0)).toEqual([{ ok: true, value: { model: 'e/f', steps: 12 } }])
  stop()
  expect(clock.pending).toBe(0)
})

test('watch() does not tell of a file that was only touched', async () => {
  const { source, write, clock } = opened()
  write('{ "model": "a/b" }')
  await source.load()
  const stop = source.watch(() => expect.unreachable())
  write('{ "model": "a/b" }')
  await look(clock)
  stop()
})

test('watch() on a source that was never loaded begins with what is there', async () => {
  const { source, write, clock } = opened()
  write('{ "model": "a/b" }')
  const changes: unknown[] = []
  const stop = source.watch((change) => changes.push(change))
  await look(clock)
  expect(changes).toEqual([{ ok: true, value: { model: 'a/b', steps: 12 } }])
  stop()
})

test('every watcher is told, also beside one that throws or rejects', async () => {
  const { source, write, clock, logger } = opened()
  const thrown = new Error('thrown')
  const rejected = new Error('rejected')
  let count = 0
  const stops = [
    source.watch(() => {
      throw thrown
    }),
    // oxlint-disable-next-line typescript/no-misused-promises -- an async listener is what is tested
    source.watch(() => Promise.reject(rejected)),
    source.watch(() => (count += 1)),
  ]
  write('{ "model": "a/b" }')
  await clock.advance(1_000)
  while (clock.pending < 3) await new Promise(setImmediate)
  expect(count).toBe(1)
  expect(new Set(logger.lines.map(({ details }) => details))).toEqual(new Set([thrown, rejected]))
  for (const stop of stops) stop()
})

test('a watcher that is stopped while a look is under way is told nothing', async () => {
  const { path, write, clock } = opened()
  write('{}')
  const looked = Promise.withResolvers<undefined>()
  const validate = (value: unknown) => {
    stop()
    looked.resolve(undefined)
    return { value }
  }
  const source = fileConfig(path, { '~standard': { validate } } as unknown as Schema, { clock, pollMs: 1_000 })
  const changes: unknown[] = []
  const stop = source.watch((change) => changes.push(change))
  await clock.advance(1_000)
  await looked.promise
  await new Promise(setImmediate)
  expect(changes).toEqual([])
  expect(clock.pending).toBe(0)
})

test('fileConfig() refuses a wrong argument at once', () => {
  expect(() => fileConfig(' ', schema)).toThrow(RangeError)
  expect(() => fileConfig('a.json', {} as Schema)).toThrow('`schema` to be a Standard Schema')
  expect(() => fileConfig('a.json', schema, { pollMs: 0 })).toThrow(
    new RangeError('Expected `pollMs` to be an integer of 1 or more, got `0`'),
  )
})
