import { expect, test } from 'vitest'

import { environmentFrom } from './from-env.ts'

test.each([
  [{ EXECUTUS_REVIEW_TOKEN: 't' }, { token: 't' }],
  [{ CI: 'true' }, { isCi: true }],
  [{ CI: '1' }, { isCi: true }],
  [{ CI: 'woodpecker' }, { isCi: true }],
  [{ CI: '' }, { isCi: false }],
  [{ CI: 'false' }, { isCi: false }],
  [{ CI: '0' }, { isCi: false }],
  [{ NO_COLOR: '1' }, { isPlain: true, isDumb: false }],
  [{ NO_COLOR: '' }, { isPlain: false }],
  [{ TERM: 'dumb' }, { isPlain: true, isDumb: true }],
  [{ LANG: 'de_DE.UTF-8' }, { isUtf8: true }],
  [{ LC_CTYPE: 'C.utf8' }, { isUtf8: true }],
])('%j is read as %j', (env, expected) => {
  expect(environmentFrom(env)).toMatchObject(expected)
})

test('an empty environment has no token, no build server and no wishes', () => {
  const { isUtf8: _, ...rest } = environmentFrom({})
  expect(rest).toEqual({ isCi: false, isPlain: false, isDumb: false })
  expect(environmentFrom({ EXECUTUS_REVIEW_TOKEN: '' })).not.toHaveProperty('token')
})

test.runIf(process.platform === 'linux')('LC_ALL wins over LC_CTYPE, and that over LANG', () => {
  expect(environmentFrom({ LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }).isUtf8).toBe(false)
  expect(environmentFrom({ LC_CTYPE: 'C', LANG: 'C.UTF-8' }).isUtf8).toBe(false)
  expect(environmentFrom({}).isUtf8).toBe(false)
})
