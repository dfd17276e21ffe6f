import { expect, test } from 'vitest'

import { stemOf } from './stem-of.ts'
import { addWords } from './words.ts'

test.each([
  ['validates validated validating validation validate'],
  ['unchecked check checks checked checking'],
  ['synchronise synchronized synchronization synchronisation unsynchronized'],
  ['key keys'],
  ['entry entries'],
  ['pinned pin pinning unpinned'],
  ['leak leaks leaked leaking'],
  ['concurrent concurrency concurrently'],
])('%s have one stem', (words) => {
  expect(new Set(words.split(' ').map(stemOf)).size).toBe(1)
})

test.each([
  ['until', 'til'],
  ['union', 'ion'],
  ['status', 'stat'],
])('%s does not meet %s', (word, others) => {
  for (const other of others.split(' ')) expect(stemOf(word)).not.toBe(other)
})

const wordsOf = (text: string) => {
  const words = new Map<string, number>()
  addWords(text, 1, words)
  return [...words.keys()].toSorted()
}

test('a name in code counts whole and by its parts', () => {
  expect(wordsOf('userId')).toEqual(['#userid', 'id', 'user'])
  expect(wordsOf('rate_limit')).toEqual(expect.arrayContaining(['#rate_limit', 'rate', 'limit']))
})

test('words for one thing share its concept, short forms are written out, and what every review says is left out', () => {
  expect(wordsOf('races')).toContain('~race')
  expect(wordsOf('concurrently')).toContain('~race')
  expect(wordsOf('ctx')).toEqual(wordsOf('context'))
  expect(wordsOf('the code of this function should be changed')).toEqual([])
})

test('other alphabets have words too', () => {
  expect(wordsOf('ungültig, файл закрыт')).toEqual(expect.arrayContaining(['ungültig', 'файл', 'закрыт']))
})
