import { stripVTControlCharacters } from 'node:util'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { safeLine, safeText, TerminalText } from './terminal-text.ts'

test.each([
  ['plain\ttext\nof two lines', 'plain\ttext\nof two lines'],
  ['\u001B[31mred\u001B[0m', 'red'],
  ['\u009B2Jcleared', 'cleared'],
  ['\u001B]0;title\u0007text', 'text'],
  ['\u001B]8;;https://evil.example\u001B\\click\u001B]8;;\u001B\\', 'click'],
  ['\u009D52;c;cGFzc3dvcmQ=\u009Ccopied', 'copied'],
  ['\u001BP+q544e\u001B\\x\u001B_Gi=1\u001B\\y', 'xy'],
  ['\u001Bcreset\u001B(0line\u001B#8', 'resetline'],
  ['\u001B]without an end\nthe next line', '\nthe next line'],
  ['a\u001B', 'a'],
  ['a\u001B\u001B[31mb', 'ab'],
  ['a\u001B\nb', 'a\nb'],
  ['\u001B[31\nb', '\nb'],
  ['\u001B世', '世'],
  ['over\rwritten\r\n\bx\u0000\u007F\u0085', 'overwritten\nx'],
  ['user\u202Etxt.exe\u2066\u200F\u061C', 'usertxt.exe'],
  ['👩‍👩‍👧 नमस्ते', '👩‍👩‍👧 नमस्ते'],
])('safeText() makes %j harmless', (text, safe) => {
  expect(safeText(text)).toBe(safe)
})

const HOSTILE = fc.string({
  unit: fc.constantFrom(
    ...'ab;0m[]P\\^_(\n\r\t\u001B\u009B\u009D\u009C\u0007\u202E'.split(''),
    '🌍',
    '\u001B[1m',
    '\u001B]8;;x',
  ),
})

test('nothing that steers a terminal is left of any text', () => {
  fc.assert(
    fc.property(fc.oneof(HOSTILE, fc.string({ unit: 'binary' })), (text) => {
      const safe = safeText(text)
      expect(safe).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u)
      expect(stripVTControlCharacters(safe)).toBe(safe)
      expect(safe.isWellFormed()).toBe(true)
    }),
  )
})

test('in pieces, cut anywhere, a text is what it is as a whole', () => {
  fc.assert(
    fc.property(HOSTILE, fc.array(fc.nat(30)), (text, cuts) => {
      const filter = new TerminalText()
      let rest = text
      let shown = ''
      for (const cut of cuts) {
        shown += filter.take(rest.slice(0, cut))
        rest = rest.slice(cut)
      }
      expect(shown + filter.take(rest)).toBe(safeText(text))
    }),
  )
})

test('safeLine() gives one line, cut', () => {
  expect(safeLine(' a\n\u001B[2J b\tc ')).toBe('a b c')
  expect(safeLine('x'.repeat(1_000_000))).toBe(`${'x'.repeat(159)}…`)
  expect(safeLine(`${'x'.repeat(158)}🌍🌍`)).toBe(`${'x'.repeat(158)}…`)
})
