import { expect, test } from 'vitest'

import { visibleText as visibleTextOfThePage } from '../channels/web/client/components/visible-text.ts'
import { visibleText } from './visible-text.ts'

test.each([
  ['rm \u202Etxt.a\u202C', 'rm <U+202E>txt.a<U+202C>'],
  ['a\u061Cb\u200Ec\u2066d', 'a<U+061C>b<U+200E>c<U+2066>d'],
  ['a\u00ADb\u200Bc\u180Ed\uFEFFe', 'a<U+00AD>b<U+200B>c<U+180E>d<U+FEFF>e'],
  ['a\u{E0041}b\u{E0001}', 'a<U+E0041>b<U+E0001>'],
  ['a\u2028b\u2029c\rd\u0085e', 'a<U+2028>b<U+2029>c<U+000D>d<U+0085>e'],
  ['\u001B[2Ja\u009B1m\u0000', '<U+001B>[2Ja<U+009B>1m<U+0000>'],
  ['a\u3164b\uFFA0c', 'a<U+3164>b<U+FFA0>c'],
  ['half \uD83D', 'half \uFFFD'],
  ['a\n\tb é 漢字 👋 שלום', 'a\n\tb é 漢字 👋 שלום'],
])('%j reads %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown)
  expect(visibleTextOfThePage(text)).toBe(shown)
})
