import { expect, test } from 'vitest'

import { shortReason } from './short-reason.ts'
import { cut, fit, widthOf } from './text-width.ts'

test.each([
  ['', 0],
  ['abc', 3],
  ['漢字', 4],
  ['e\u0301', 1],
  ['한글', 4],
  ['👍', 2],
  ['a\u200Bb', 2],
  ['⠙✔✖⊘·', 5],
])('widthOf(%j) is %d', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

test('cut() never splits a character, and leaves what fits', () => {
  expect(cut('漢字漢字', 8, '…')).toBe('漢字漢字')
  expect(cut('漢字漢字', 7, '…')).toBe('漢字漢…')
  expect(cut('漢字漢字', 6, '…')).toBe('漢字…')
  expect(cut('abc', 0, '…')).toBe('')
  expect(fit('漢字漢', 4, '…')).toBe('漢… ')
})

test.each([
  ['Too Many Requests', 'rate limit'],
  ['openai: 401 incorrect API key provided', 'auth'],
  ['You exceeded your current quota', 'no credit'],
  ['This request took longer than 300000 ms', 'timeout'],
  ['404 no such model: gpt-9', 'no model'],
  ['529 overloaded_error', 'overloaded'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'network'],
  ['The reply does not have the shape', 'bad answer'],
  ['what may be spent was spent before', 'budget'],
  ['the review was stopped before', 'stopped'],
  ['Something\n\u001B[31m else', 'Something else'],
])('shortReason(%j) is %s', (reason, short) => {
  expect(shortReason(reason)).toBe(short)
})
