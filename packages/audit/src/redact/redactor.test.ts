import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { CANARY, LABELLED, LABELLED_SECRET, SHAPED, SPELLINGS, tracesIn } from '../canaries.test-kit.ts'
import { createRedactor } from './redactor.ts'

const redactor = createRedactor({ secrets: [CANARY] })

test.each(Object.entries(SPELLINGS))('a known secret is found as %s', (_, spelling) => {
  expect(tracesIn(spelling)).not.toEqual([])
  for (const text of [spelling, `before ${spelling} after`, `"${spelling}"`, `x\n${spelling}\ny`])
    expect(tracesIn(redactor.text(text))).toEqual([])
})

test('what surrounds a secret stays', () => {
  expect(redactor.text(`before ${CANARY} after`)).toBe('before [redacted:secret] after')
  expect(redactor.text(JSON.stringify({ a: [CANARY] }))).toBe('{"a":["[redacted:secret]"]}')
})

test.each(Object.entries(SHAPED))('a secret of a known shape is found: %s', (_, secret) => {
  for (const text of [
    secret,
    `see ${secret} there`,
    `"${secret}"`,
    JSON.stringify({ a: `x\n${secret}` }),
    `k=${secret}`,
  ]) {
    const redacted = redactor.text(text)
    expect(redacted).toMatch(/\[redacted:[a-z-]+\]/)
    expect(redacted).not.toMatch(/aB3|2345|GaBc/)
  }
})

test.each(Object.entries(LABELLED))('a secret that only a name tells of is found: %s', (_, text) => {
  expect(text).toMatch(LABELLED_SECRET)
  expect(redactor.text(text)).not.toMatch(LABELLED_SECRET)
  expect(redactor.text(text)).toContain('[redacted')
  const nested = JSON.stringify({ arguments: JSON.stringify({ text }) })
  expect(redactor.text(nested)).not.toMatch(LABELLED_SECRET)
})

test.each([
  'The weather in Oslo is 12 degrees; see https://example.com/a?page=2&q=tea#top',
  '{"maxTokens":512,"input_tokens":7,"isSecret":true,"token":null,"password":""}',
  'a task-force-of-very-many-hyphenated-words-and-disk-usage-by-directory',
  'git commit 4f2c1e9a8b7d6c5e4f3a2b1c0d9e8f7a6b5c4d3e and 550e8400-e29b-41d4-a716-446655440000',
  'pass: 12 fail: 0, the bearer of this letter, basic knowledge of chemistry',
  'type Login = { password: string; token?: string }',
  'mail eve@example.com about https://user-guide.example.com/x@y',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'eyJwYWdlIjoyfQ is a cursor; SG.1 sk-1 AKIA ghp_ npm_install',
  '{"usage":{"tokens":{"input":12}},"tokens":["the","cat"],"nextPageToken":"CAUQ"}, input tokens: 12k',
  '{"password_min_length":8,"credentialType":"oauth","cookieBanner":"bottom","passwordResetAt":"2026-01-01"}',
  'https://example.com/?state=CA&code=404&key=name and ssh://git@example.com/a/b.git',
  'token: ${{ secrets.CI_TOKEN }} password: "${DB_PASSWORD}" apiKey: process.env.API_KEY, secret=${SECRET}',
  'docker run -u 1000:1000 x; <password>\n</password> f<Session>(x)',
  'half of a pair: 🙂 and a backslash \\ and 100% \\u00 %zz',
])('ordinary text stays as it is: %s', (text) => {
  expect(redactor.text(text)).toBe(text)
})

test('names of the host count, whatever their separators', () => {
  const own = createRedactor({ keys: ['Launch_Code'] })
  expect(own.text('{"launchCode":"0000"} LAUNCH-CODE=1234')).toBe('{"launchCode":"[redacted]"} LAUNCH-CODE=[redacted]')
})

test('a text that is redacted already stays as it is', () => {
  const texts = [...Object.values(SPELLINGS), ...Object.values(SHAPED), ...Object.values(LABELLED)]
  for (const text of texts) {
    const once = redactor.text(text)
    expect(redactor.text(once)).toBe(once)
  }
})

test('a long text is cut with a note of how much is missing', () => {
  expect(redactor.text('x'.repeat(100), { maxChars: 10 })).toBe(`${'x'.repeat(10)}… [90 more characters]`)
  expect(redactor.text('x'.repeat(10), { maxChars: 10 })).toBe('x'.repeat(10))
  expect(redactor.text('🙂🙂', { maxChars: 3 })).toBe('🙂… [2 more characters]')
  expect(redactor.text('secret', { maxChars: 0 })).toBe('… [6 more characters]')
})

test('nothing of a secret is left at a cut, wherever that is', () => {
  const secrets = [...Object.values(SPELLINGS), ...Object.values(SHAPED), ...Object.values(LABELLED)]
  for (const secret of secrets)
    for (let maxChars = 0; maxChars < secret.length + 30; maxChars += 3) {
      const redacted = redactor.text(`${' filler '.repeat(3)}${secret}${' filler'.repeat(1_000)}`, { maxChars })
      expect(tracesIn(redacted)).toEqual([])
      expect(redacted).not.toMatch(/S3CR|aB3|2345/)
      expect(redacted.length).toBeLessThan(maxChars + 80)
    }
})

test('a secret of any letters is found at any place, cut or not', () => {
  const secretText = fc
    .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
    .filter((text) => text.trim().length >= 6)
  fc.assert(
    fc.property(secretText, fc.string(), fc.string(), fc.nat(80), (secret, before, after, maxChars) => {
      fc.pre(!before.includes(secret.trim()) && !'[redacted:secret]'.includes(secret.trim()))
      const own = createRedactor({ secrets: [secret] })
      const text = `${before}${secret}${after}`
      for (const one of [text, JSON.stringify(text), encodeURIComponent(text.toWellFormed())]) {
        expect(own.text(one)).not.toContain(secret)
        expect(decoded(own.text(one, { maxChars }))).not.toContain(secret.trim())
      }
    }),
    { numRuns: 300 },
  )
})

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

test('texts in lines of their own are redacted as they would be alone', () => {
  const pieces = [
    ...Object.values(LABELLED).filter((text) => !/[\n{]/.test(text)),
    ...Object.values(SHAPED),
    'plain',
    CANARY,
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), (texts) => {
      expect(redactor.text(texts.join('\n\n'))).toBe(texts.map((text) => redactor.text(text)).join('\n\n'))
    }),
    { numRuns: 100 },
  )
})

test('any text can be redacted', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('\\', '"', ':', '=', '{', '[', '%', '4', 'u', 'token', ' ', '\n', '\uD800'),
  })
  fc.assert(
    fc.property(hostile, fc.nat(20), (text, maxChars) => {
      expect(redactor.text(text).isWellFormed()).toBe(true)
      expect(redactor.text(text, { maxChars }).length).toBeLessThan(maxChars + 60)
    }),
  )
})

test('secrets that change are asked for at each text', () => {
  let secrets: readonly string[] = ['first-secret']
  const own = createRedactor({ secrets: () => secrets })
  expect(own.text('first-secret second-secret')).toBe('[redacted:secret] second-secret')
  secrets = ['second-secret']
  expect(own.text('first-secret second-secret')).toBe('first-secret [redacted:secret]')
})

test('secrets that cannot be asked for let nothing through', () => {
  const own = createRedactor({ secrets: () => expect.fail('the vault is closed') })
  expect(() => own.text('x')).toThrow('the vault is closed')
})

test.each([
  [{ secrets: ['abc'] }, 'Expected `options.secrets[0]` to be a string of 4 characters or more'],
  [{ secrets: 'hunter2' }, 'Expected `options.secrets` to be a list of strings or a function'],
  [{ secrets: [1234567] }, 'Expected `options.secrets[0]` to be a string'],
  [{ keys: [''] }, 'Expected `options.keys[0]` to be a string that is not blank, got ``'],
  [{ key: [] }, 'Expected `options` to have no option `key`. Did you mean `keys`?'],
])('createRedactor(%o) is refused, without telling the secret', (options, message) => {
  expect(() => createRedactor(options as object)).toThrow(new RegExp(`^${message.replaceAll(/[[\]().?*]/g, '\\$&')}$`))
})
