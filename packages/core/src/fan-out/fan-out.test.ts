import { expect, test } from 'vitest'

import { recordingLogger } from '../testing/index.ts'
import { fanOut } from './fan-out.ts'

const settle = () => new Promise(setImmediate)

test('fanOut() gives a row for each item, with a cell for each lens, in order', async () => {
  const rows = await fanOut([1, 2], ['a', 'b', 'c'], async (item, lens) => {
    if (item === 1) await settle() // the first row ends last
    return `${item}${lens}`
  })
  expect(rows.map((row) => row.map((cell) => cell.ok && cell.value))).toEqual([
    ['1a', '1b', '1c'],
    ['2a', '2b', '2c'],
  ])
  expect(rows[1]?.[2]).toEqual({ item: 2, lens: 'c', ok: true, value: '2c' })
})

test('fanOut() without lenses gives one row', async () => {
  const cells = await fanOut(['a', 'b'], (item, { signal }) => `${item} ${signal.aborted}`)
  expect(cells).toEqual([
    { item: 'a', lens: undefined, ok: true, value: 'a false' },
    { item: 'b', lens: undefined, ok: true, value: 'b false' },
  ])
})

test('nothing to do is done at once', async () => {
  expect(await fanOut([], ['a'], () => 1)).toEqual([])
  expect(await fanOut([1, 2], [], () => 1)).toEqual([[], []])
  expect(await fanOut([], () => 1)).toEqual([])
})

test('one failure, of whatever kind, never loses the others', async () => {
  const error = new Error('bad')
  const work = [
    () => 'fine',
    () => {
      throw error
    },
    () => Promise.reject(undefined),
    () => 'fine too',
  ]
  const cells = await fanOut(work, (each) => each())
  expect(cells).toMatchObject([
    { ok: true, value: 'fine' },
    { ok: false, status: 'failed', error },
    { ok: false, status: 'failed', error: new Error('Thrown: undefined') },
    { ok: true, value: 'fine too' },
  ])
})

test('a keyOf that throws fails its cell alone', async () => {
  const keyOf = (item: number) => {
    if (item === 1) throw new Error('no key')
    return 'key'
  }
  const cells = await fanOut([1, 2], (item) => item, { keyOf })
  expect(cells.map(({ ok }) => ok)).toEqual([false, true])
})

test('an abort skips what has not begun, gives the signal to what has, and still gives the grid', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const seen: AbortSignal[] = []
  const result = fanOut(
    ['quick', 'polite', 'stubborn', 'late', 'later'],
    async (item, { signal }) => {
      seen.push(signal)
      if (item === 'quick') return 'done'
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => (item === 'polite' ? reject(new Error('stopped')) : resolve()))
      })
      return 'done all the same'
    },
    { concurrency: 2, signal: controller.signal },
  )
  await settle()
  controller.abort(reason)
  const cells = await result
  expect(seen).toEqual([controller.signal, controller.signal, controller.signal])
  expect(cells).toEqual([
    { item: 'quick', lens: undefined, ok: true, value: 'done' },
    { item: 'polite', lens: undefined, ok: false, status: 'aborted', error: new Error('stopped') },
    { item: 'stubborn', lens: undefined, ok: true, value: 'done all the same' },
    { item: 'late', lens: undefined, ok: false, status: 'skipped', error: reason },
    { item: 'later', lens: undefined, ok: false, status: 'skipped', error: reason },
  ])
})

test('a signal that is aborted from the start skips everything', async () => {
  let count = 0
  const cells = await fanOut([1, 2], () => (count += 1), { signal: AbortSignal.abort('no') })
  expect(count).toBe(0)
  expect(cells.map((cell) => !cell.ok && cell.status)).toEqual(['skipped', 'skipped'])
})

test('a cell that waits for its key keeps none of another key waiting', async () => {
  const begun: string[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  const work = (item: string) => {
    begun.push(item)
    return promise
  }
  const keyOf = (item: string) => item.slice(0, 1)
  const result = fanOut(['a1', 'a2', 'a3', 'b1', 'c1'], work, { concurrency: 2, keyOf })
  await settle()
  expect(begun).toEqual(['a1', 'b1'])
  resolve('done')
  await result
  expect(begun.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1'])
})

test('onProgress is told of each beginning and end, and how many are done', async () => {
  const events: unknown[] = []
  const controller = new AbortController()
  await fanOut(
    [1, 2],
    (item) => {
      controller.abort('enough')
      return item * 10
    },
    { concurrency: 1, signal: controller.signal, onProgress: (event) => events.push(event) },
  )
  expect(events).toEqual([
    { type: 'cell-start', item: 1, lens: undefined, done: 0, total: 2 },
    { type: 'cell-end', cell: { item: 1, lens: undefined, ok: true, value: 10 }, done: 1, total: 2 },
    {
      type: 'cell-end',
      cell: { item: 2, lens: undefined, ok: false, status: 'skipped', error: new Error('Thrown: enough') },
      done: 2,
      total: 2,
    },
  ])
})

test('an onProgress that throws or rejects is logged and hurts nobody', async () => {
  const logger = recordingLogger()
  const thrown = new Error('thrown')
  const rejected = new Error('rejected')
  const onProgress = ({ type }: { readonly type: string }) => {
    if (type === 'cell-start') throw thrown
    return Promise.reject(rejected)
  }
  expect(await fanOut([1], (item) => item, { onProgress, logger })).toMatchObject([{ ok: true, value: 1 }])
  await settle()
  expect(logger.lines.map(({ level, details }) => [level, details])).toEqual([
    ['error', thrown],
    ['error', rejected],
  ])
})

test('a wrong argument or option is refused at once', () => {
  expect(() => fanOut('ab' as unknown as string[], () => 1)).toThrow(
    new TypeError("Expected `items` to be a list, got `'ab'`"),
  )
  expect(() => fanOut([1], undefined as unknown as string[], () => 1)).toThrow(
    new TypeError('Expected `lenses` to be a list, got `undefined`'),
  )
  expect(() => fanOut([1], ['a'], undefined as unknown as () => 1)).toThrow('`work` to be a function')
  expect(() => fanOut([1], () => 1, { concurrency: 0 })).toThrow(
    new RangeError('Expected `concurrency` to be an integer of 1 or more, got `0`'),
  )
  expect(() => fanOut([1], () => 1, { concurrencyPerKey: 2 })).toThrow('`keyOf` to be a function')
})
