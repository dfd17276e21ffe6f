import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { fanOut } from './fan-out.ts'

const settle = () => new Promise(setImmediate)

const KEYS: readonly string[] = ['a', 'b', 'c']
const program = fc.record({
  /** For each item its key, and how many turns of the event loop each of its cells takes. */
  items: fc.array(fc.record({ key: fc.constantFrom(...KEYS), turns: fc.nat(3), fails: fc.boolean() }), {
    maxLength: 8,
  }),
  lenses: fc.array(fc.nat(), { maxLength: 3 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  concurrencyPerKey: fc.integer({ min: 1, max: 3 }),
  abortAfter: fc.option(fc.nat(6), { nil: undefined }),
})

test('whatever is asked: the grid is complete and in order, the bounds hold, and no place stays empty', async () => {
  await fc.assert(
    fc.asyncProperty(program, async ({ items, lenses, concurrency, concurrencyPerKey, abortAfter }) => {
      const controller = new AbortController()
      const running = new Map(KEYS.map((key) => [key, 0]))
      const waiting = new Map(KEYS.map((key) => [key, 0]))
      for (const { key } of items) waiting.set(key, (waiting.get(key) ?? 0) + lenses.length)
      const add = (counts: Map<string, number>, key: string, change: number) => {
        counts.set(key, (counts.get(key) ?? 0) + change)
      }
      const total = () => [...running.values()].reduce((sum, count) => sum + count, 0)
      const check = () => {
        expect(total()).toBeLessThanOrEqual(concurrency)
        for (const count of running.values()) expect(count).toBeLessThanOrEqual(concurrencyPerKey)
      }
      const ends: string[] = []
      const over = new AbortController()
      const result = fanOut(
        items,
        lenses,
        async ({ key, turns, fails }, lens) => {
          add(running, key, 1)
          add(waiting, key, -1)
          check()
          for (let turn = 0; turn <= turns; turn += 1) await settle()
          add(running, key, -1)
          if (fails) throw new Error(`${key}${lens}`)
          return `${key}${lens}`
        },
        {
          concurrency,
          concurrencyPerKey,
          keyOf: ({ key }) => key,
          signal: controller.signal,
          onProgress: (progress) => {
            if (progress.type === 'cell-end') ends.push(`${progress.done}/${progress.total}`)
          },
        },
      ).finally(() => over.abort())

      for (let turn = 0; !over.signal.aborted; turn += 1) {
        await settle()
        if (turn === abortAfter) controller.abort()
        if (controller.signal.aborted || over.signal.aborted || total() === concurrency) continue
        // Places are free: then every key that waits has all it may have.
        for (const [key, count] of waiting) expect(count === 0 || running.get(key) === concurrencyPerKey).toBe(true)
      }
      const rows = await result
      expect(total()).toBe(0)
      expect(rows.map((row) => row.map(({ item, lens }) => [item, lens]))).toEqual(
        items.map((item) => lenses.map((lens) => [item, lens])),
      )
      for (const cell of rows.flat()) {
        const said = `${cell.item.key}${cell.lens}`
        const isSkipped = !cell.ok && cell.status === 'skipped'
        expect(isSkipped || (cell.ok ? cell.value : cell.error.message) === said).toBe(true)
        expect(isSkipped || cell.ok !== cell.item.fails).toBe(true)
        expect(isSkipped && abortAfter === undefined).toBe(false)
      }
      const count = items.length * lenses.length
      expect(ends).toEqual(Array.from({ length: count }, (_, index) => `${index + 1}/${count}`))
    }),
    { numRuns: 80 },
  )
})
