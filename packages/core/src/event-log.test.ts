import { expect, test } from 'vitest'

import { EventLog } from './event-log.ts'
import { noLogger } from './logger.ts'
import { scriptedHost } from './testing/index.ts'

test('events() replays a finished run from any number on, without the deltas of ended steps', async () => {
  const { executor } = scriptedHost([{ text: 'Two words' }])
  const run = executor.start({ name: 'a' }, 'go')
  await run.result

  const all = await Array.fromAsync(run.events())
  expect(all.map(({ seq, type }) => [seq, type])).toEqual([
    [1, 'run-start'],
    [2, 'step-start'],
    [5, 'step-end'],
    [6, 'run-end'],
  ])
  expect(await Array.fromAsync(run.events({ from: 5 }))).toEqual(all.slice(2))
})

test('events() gives each of several readers everything, even one that is slow', async () => {
  const { executor } = scriptedHost([{ text: 'one two three' }])
  const run = executor.start({ name: 'a' }, 'go')
  const slowly = async () => {
    const types: string[] = []
    for await (const { type } of run.events()) {
      types.push(type)
      await new Promise(setImmediate)
    }
    return types
  }
  const [slow, fast] = await Promise.all([slowly(), Array.fromAsync(run.events())])
  expect(slow).toEqual(fast.map(({ type }) => type))
  expect(slow.filter((type) => type === 'text-delta')).toHaveLength(3)
})

test('leaving events() early does not touch the run', async () => {
  const { executor } = scriptedHost([{ text: 'Still here.' }])
  const run = executor.start({ name: 'a' }, 'go')
  for await (const { type } of run.events()) if (type === 'step-start') break
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Still here.' })
})

test('read() gives the deltas of the step that is under way, and those void after a discarded attempt no more', async () => {
  const log = new EventLog('run-1', { now: () => 0, after: () => () => {} }, noLogger)
  log.append({ type: 'step-start', step: 1 })
  log.append({ type: 'text-delta', step: 1, text: 'void' })
  const error = new Error('overloaded')
  log.append({ type: 'attempt-discarded', step: 1, model: 'a/b', error, nextModel: 'a/b', waitMs: 5 })
  log.append({ type: 'text-delta', step: 1, text: 'kept' })
  const seen: number[] = []
  for await (const { seq } of log.read(1)) {
    seen.push(seq)
    if (seq === 4) break
  }
  expect(seen).toEqual([1, 3, 4])
})

test('a listener that throws or rejects is logged and hurts nobody', async () => {
  const { executor, logger } = scriptedHost([{ text: 'Fine.' }])
  const run = executor.start({ name: 'a' }, 'go')
  const heard: string[] = []
  const thrown = new Error('thrown')
  const rejected = new Error('rejected')
  run.on('step-start', () => {
    throw thrown
  })
  run.on('step-start', async () => {
    throw rejected
  })
  run.on('step-start', ({ type }) => heard.push(type))

  expect(await run.result).toMatchObject({ status: 'ok' })
  await new Promise(setImmediate)
  expect(heard).toEqual(['step-start'])
  expect(logger.lines.map(({ level, details }) => [level, details])).toEqual([
    ['error', thrown],
    ['error', rejected],
  ])
})

test('a logger that throws hurts nobody either', async () => {
  const broken = () => {
    throw new Error('disk full')
  }
  const { executor } = scriptedHost([{ text: 'Fine.' }], { logger: { warn: broken, error: broken } })
  const run = executor.start({ name: 'a' }, 'go')
  run.on('run-end', broken)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Fine.' })
})

test('on() returns a function that ends the listening', async () => {
  const { executor } = scriptedHost([{ text: 'one two three' }])
  const run = executor.start({ name: 'a' }, 'go')
  const heard: string[] = []
  const off = run.on('text-delta', ({ text }) => {
    heard.push(text)
    off()
  })
  await run.result
  expect(heard).toEqual(['one '])
})
