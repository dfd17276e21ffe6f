import { expect, test } from 'vitest'

import { CANARY, SHAPED, tracesIn } from '../canaries.test-kit.ts'
import { redactLogger } from './redact-logger.ts'
import { createRedactor } from './redactor.ts'

const redactor = createRedactor({ secrets: [CANARY] })

test('values are copied with their texts redacted, and what stands below the name of a secret', () => {
  const value = {
    text: `a ${CANARY}`,
    [CANARY]: 1,
    nested: [{ apiKey: 'abc', token: { deep: 1 }, PASSWORD: 123, tokens: 512, hasSecret: true, secret: null }],
    headers: [{ name: 'Authorization', value: 'abc' }, ['cookie', 'abc']],
  }
  expect(redactor.value(value)).toEqual({
    text: 'a [redacted:secret]',
    '[redacted:secret]': 1,
    nested: [
      { apiKey: '[redacted]', token: '[redacted]', PASSWORD: '[redacted]', tokens: 512, hasSecret: true, secret: null },
    ],
    headers: [{ name: 'Authorization', value: '[redacted]' }, ['cookie', '[redacted]']],
  })
  expect(value.text).toContain(CANARY)
})

test('a pair is a name and its value only where the first is a name', () => {
  const form = new URLSearchParams({ password: 'abc', page: '2' })
  expect(redactor.value([['API key', 'abc'], form])).toEqual([
    ['API key', '[redacted]'],
    [
      ['password', '[redacted]'],
      ['page', '2'],
    ],
  ])
  const texts = ['I forgot my password again', 'Then ask Eve.']
  expect(redactor.value([texts, ['DB_PASSWORD=abc', 'LANG=C']])).toEqual([texts, ['DB_PASSWORD=[redacted]', 'LANG=C']])
})

test('an error is copied with its causes and fields', () => {
  const error = Object.assign(new Error(`no ${CANARY}`, { cause: new TypeError(`why ${CANARY}`) }), { token: 'abc' })
  const copy = redactor.value(error)
  expect(copy).toMatchObject({
    name: 'Error',
    message: 'no [redacted:secret]',
    cause: { name: 'TypeError', message: 'why [redacted:secret]' },
    token: '[redacted]',
  })
  expect(tracesIn(JSON.stringify(copy))).toEqual([])
})

test('whatever a value is, there is a copy', () => {
  const circle: Record<string, unknown> = { name: 'circle' }
  circle['self'] = circle
  const hostile = {
    get thrower() {
      return expect.fail('x')
    },
  }
  let deep: unknown = CANARY
  for (let depth = 0; depth < 1_000; depth++) deep = [deep]
  const values = [circle, hostile, deep, 10n, Symbol('s'), () => 1, new Map([['token', CANARY]]), new Set([CANARY])]
  const more = [new Date(Number.NaN), new URL('https://u:p@h/'), new Uint8Array(9), undefined, 'x'.repeat(1_000_000)]
  const text = JSON.stringify(
    [...values, ...more, Array.from({ length: 100_000 }, () => 1)].map((one) => redactor.value(one)),
  )
  expect(tracesIn(text)).toEqual([])
  expect(text).not.toContain('u:p@')
  expect(text).toContain('[circular]')
  expect(text).toContain('[unreadable]')
  expect(text).toContain('[too deep]')
  expect(text.length).toBeLessThan(400_000)
})

test('a field named __proto__ is a field of the copy', () => {
  const value = JSON.parse(`{"__proto__":{"password":"x"}}`) as object
  expect(JSON.stringify(redactor.value(value))).toBe('{"__proto__":{"password":"[redacted]"}}')
})

test('redactLogger() redacts the message and the details', () => {
  const lines: unknown[] = []
  const logger = redactLogger({ warn: (...line) => lines.push(line), error: (...line) => lines.push(line) }, redactor)
  logger.warn(`a ${SHAPED['github']}`)
  logger.error('b', { password: 'x', error: new Error(CANARY) })
  expect(lines).toMatchObject([
    ['a [redacted:github-token]'],
    ['b', { password: '[redacted]', error: { message: '[redacted:secret]' } }],
  ])
})
