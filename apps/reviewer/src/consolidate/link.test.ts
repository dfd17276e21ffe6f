import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { link } from './link.ts'

/** A symmetric matrix from the pairs named. */
const matrixOf = (items: string, pairs: Readonly<Record<string, number>>) =>
  items.split('').map((a) => Float64Array.from(items.split('').map((b) => pairs[a + b] ?? pairs[b + a] ?? 0)))
const linked = (items: string, pairs: Readonly<Record<string, number>>, least = 0.5) =>
  link(items.split(''), matrixOf(items, pairs), least).map((group) => group.toSorted().join(''))

test('the two that are most alike are joined first', () => {
  expect(linked('abc', { ab: 0.6, bc: 0.9 })).toEqual(['a', 'bc'])
})

test('a chain of which the ends have nothing in common is not one group', () => {
  expect(linked('abcd', { ab: 0.8, bc: 0.7, cd: 0.8 })).toEqual(['ab', 'cd'])
})

test('two that have nothing in common are together when the average of their groups says so', () => {
  expect(linked('abcd', { ab: 1, ac: 1, bc: 1, bd: 1, cd: 1 })).toEqual(['abcd'])
})

test('nothing is joined below the least, and at it is', () => {
  expect(linked('ab', { ab: 0.49 })).toEqual(['a', 'b'])
  expect(linked('ab', { ab: 0.5 })).toEqual(['ab'])
  expect(linked('', {})).toEqual([])
})

/** What `link` promises, said without remembering anything. */
function plainLink(alike: readonly Float64Array[], least: number): readonly (readonly number[])[] {
  const groups = alike.map((_, index) => [index])
  for (;;) {
    let best: readonly [number, number, number] = [-1, -1, -1]
    for (const [a, left] of groups.entries())
      for (const [b, right] of groups.entries()) {
        if (b <= a) continue
        const sum = left.flatMap((i) => right.map((j) => alike[i]![j]!)).reduce((total, value) => total + value, 0)
        if (sum / (left.length * right.length) > best[2] + 1e-9) best = [a, b, sum / (left.length * right.length)]
      }
    if (best[2] < least) return groups
    groups[best[0]]!.push(...groups[best[1]]!)
    groups.splice(best[1], 1)
  }
}

test('property: it joins what looking at all pairs each time would join', () => {
  const matrices = fc.integer({ min: 0, max: 9 }).chain((size) =>
    fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size * size, maxLength: size * size })
      .map((values) =>
        // A small share of its own for each pair, as two ways of adding up break a tie either way.
        Array.from({ length: size }, (_, a) =>
          Float64Array.from({ length: size }, (__, b) => {
            const at = Math.min(a, b) * size + Math.max(a, b)
            return values[at]! + Math.sqrt(at + 2) / 1000
          }),
        ),
      ),
  )
  fc.assert(
    fc.property(matrices, fc.double({ min: 0.2, max: 0.9, noNaN: true }), (alike, least) => {
      const items = alike.map((_, index) => index)
      const sorted = (groups: readonly (readonly number[])[]) =>
        groups.map((group) => group.toSorted((a, b) => a - b).join()).toSorted()
      expect(sorted(link(items, alike, least))).toEqual(sorted(plainLink(alike, least)))
    }),
  )
})
