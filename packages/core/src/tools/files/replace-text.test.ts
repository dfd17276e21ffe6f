import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { replaceText } from './replace-text.ts'

test.each<[string, string, string, string, string, readonly number[]]>([
  ['one place', 'a b c', 'b', 'x', 'a x c', [1]],
  ['a text of several lines', 'a\nb\nc\n', 'a\nb', 'x', 'x\nc\n', [1]],
  ['a text with nothing', 'a\nb\n', 'b\n', '', 'a\n', [2]],
  ['what looks like a pattern', 'f(.*)', '(.*)', '$&$1', 'f$&$1', [1]],
  ['a text that has CRLF', 'a\r\nb\r\nc', 'a\nb', 'x\ny\nz', 'x\r\ny\r\nz\r\nc', [1]],
  ['by CRLF in a text that has LF', 'a\nb\n', 'a\r\nb', 'x\r\ny', 'x\ny\n', [1]],
  ['in mixed lines as those lines are', 'a\nb\r\nc\n', 'b', 'x\ny', 'a\nx\r\ny\r\nc\n', [2]],
  ['in a last line without an end', 'a\r\nb', 'b', 'x\ny', 'a\r\nx\r\ny', [2]],
  ['in a text of one line', 'a', 'a', 'x\r\ny', 'x\r\ny', [1]],
  ['after a byte order mark', '\ufeffa\n', 'a', 'x', '\ufeffx\n', [1]],
  ['nothing when it is not there', 'a', 'b', 'x', 'a', []],
  ['nothing when it is there twice', 'a\na', 'a', 'x', 'a\na', [1, 2]],
  ['nothing when places overlap', 'aaa', 'aa', 'x', 'aaa', [1, 1]],
])('replaceText() replaces %s', (_name, text, oldText, newText, result, lines) => {
  expect(replaceText(text, oldText, newText)).toEqual({ text: result, lines })
})

test('replaceText() replaces all when told', () => {
  expect(replaceText('a\r\nb\r\na\n', 'a', 'x\ny', true)).toEqual({ text: 'x\r\ny\r\nb\r\nx\ny\n', lines: [1, 3] })
  expect(replaceText('aaaa', 'aa', 'a', true)).toEqual({ text: 'aa', lines: [1, 1] })
})

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '$', '\n', 'é', '🦊', '\r'), maxLength: 60 })
const plain = letters.map((text) => text.replaceAll('\r', ''))
const part = fc.tuple(plain, fc.nat(), fc.nat()).map(([text, from, length]) => {
  const start = from % (text.length + 1)
  return { text, oldText: text.slice(start, start + 1 + (length % 12)) }
})
const placesIn = (text: string, wanted: string) =>
  Array.from({ length: text.length }, (_, index) => text.startsWith(wanted, index)).filter(Boolean).length

test('replaceText() does as String.replace does, with either line end', () => {
  fc.assert(
    fc.property(part, plain, ({ text, oldText }, newText) => {
      fc.pre(oldText !== '' && placesIn(text, oldText) === 1)
      const wanted = text.replace(oldText, () => newText)
      expect(replaceText(text, oldText, newText).text).toBe(wanted)

      const windows = (each: string) => each.replaceAll('\n', '\r\n')
      const inWindows = replaceText(windows(text), oldText, newText).text
      // Where there was no line end there is none to keep.
      expect(inWindows).toBe(text.includes('\n') ? windows(wanted) : wanted)
      expect(replaceText(windows(text), windows(oldText), windows(newText)).text).toBe(windows(wanted))
    }),
  )
})

test('replaceText() with all does as String.replaceAll does', () => {
  fc.assert(
    fc.property(part, plain, ({ text, oldText }, newText) => {
      fc.pre(oldText !== '')
      expect(replaceText(text, oldText, newText, true).text).toBe(text.replaceAll(oldText, () => newText))
    }),
  )
})

test('replaceText() leaves what is around the place as it is, whatever the line ends', () => {
  fc.assert(
    fc.property(letters, letters, letters, (before, after, newText) => {
      const { text } = replaceText(`${before}|${after}`, '|', newText)
      expect(text.startsWith(before)).toBe(true)
      expect(text.endsWith(after)).toBe(true)
    }),
  )
})
