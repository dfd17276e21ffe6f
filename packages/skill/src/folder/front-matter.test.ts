import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { splitFrontMatter } from './front-matter.ts'

test.each<[string, string | undefined, string]>([
  ['---\nname: a\n---\nbody\n', 'name: a\n', 'body\n'],
  ['---\r\nname: a\r\n---\r\nbody\r\n', 'name: a\r\n', 'body\r\n'],
  ['\ufeff---\nname: a\n---\nbody', 'name: a\n', 'body'],
  ['--- \t\nname: a\n---\t \nbody', 'name: a\n', 'body'],
  ['---\n---\nbody', '', 'body'],
  ['---\nname: a\n---', 'name: a\n', ''],
  ['---\nname: a\n---\n', 'name: a\n', ''],
  ['---\nname: a\n---\n---\nmore\n---\n', 'name: a\n', '---\nmore\n---\n'],
  ['---\na: |\n  ---\n---\nbody', 'a: |\n  ---\n', 'body'],
  ['---\na: 1 ---\n----\n--- x\n---\nbody', 'a: 1 ---\n----\n--- x\n', 'body'],
  ['---\nname: a\nbody', undefined, '---\nname: a\nbody'],
  ['---\nname: a\n ---\nbody', undefined, '---\nname: a\n ---\nbody'],
  ['\n---\nname: a\n---\nbody', undefined, '\n---\nname: a\n---\nbody'],
  [' ---\nname: a\n---\n', undefined, ' ---\nname: a\n---\n'],
  ['----\nname: a\n---\n', undefined, '----\nname: a\n---\n'],
  ['---', undefined, '---'],
  ['---\n', undefined, '---\n'],
  ['---\rname: a\r---\rbody', undefined, '---\rname: a\r---\rbody'],
  ['---\n\u2028---\u2028\n---\nbody', '\u2028---\u2028\n', 'body'],
  ['', undefined, ''],
  ['\ufeff', undefined, ''],
])('%j has the front matter %j', (text, yaml, body) => {
  expect(splitFrontMatter(text)).toEqual(yaml === undefined ? { body } : { yaml, body })
})

const newLine = fc.constantFrom('\n', '\r\n')
const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('---', '\n---\n', '\ufeff', '\r'))
const texts = fc.array(anything).map((parts) => parts.join(''))
const isFence = /^---[ \t]*\r?$/

test('the body comes back letter for letter, and so does the front matter', () => {
  fc.assert(
    fc.property(newLine, texts, texts, fc.constantFrom('', '\ufeff'), (end, yaml, body, mark) => {
      fc.pre(!yaml.split('\n').some((line) => isFence.test(line)))
      const split = splitFrontMatter(`${mark}---${end}${yaml}${end}---${end}${body}`)
      expect(split).toEqual({ yaml: yaml + end, body })
    }),
  )
})

test('any text is split into what it was', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { yaml = '', body } = splitFrontMatter(text)
      expect(text.endsWith(body)).toBe(true)
      expect(text.includes(yaml)).toBe(true)
      expect(yaml.length + body.length).toBeLessThanOrEqual(text.length)
    }),
  )
})
