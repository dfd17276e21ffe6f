import { expect, test, vi } from 'vitest'

import { ForgeError } from './errors.ts'
import { forgeOf } from './forge-of.ts'

const pull = { title: 'T', body: null, head: { sha: '1'.repeat(40) }, base: { sha: 'b'.repeat(40) } }

test.each([
  ['https://github.com/o/r/pull/7', 'GitHub', 'https://api.github.com/repos/o/r/pulls/7'],
  ['https://www.github.com/o/r/pull/7/files?w=1#diff', 'GitHub', 'https://api.github.com/repos/o/r/pulls/7'],
  ['https://github.com/o/r/pulls/7', 'GitHub', 'https://api.github.com/repos/o/r/pulls/7'],
  [
    'https://code.firm.example:8443/o/r.js/pull/7',
    'GitHub',
    'https://code.firm.example:8443/api/v3/repos/o/r.js/pulls/7',
  ],
  ['https://firm.ghe.com/o/r/pull/7', 'GitHub', 'https://api.firm.ghe.com/repos/o/r/pulls/7'],
  ['https://codeberg.org/o/r/pulls/7', 'Gitea', 'https://codeberg.org/api/v1/repos/o/r/pulls/7'],
  ['http://localhost:3000/git/tea/o/r/pulls/7/', 'Gitea', 'http://localhost:3000/git/tea/api/v1/repos/o/r/pulls/7'],
])('%s is of %s, which is asked at %s', async (url, name, asked) => {
  const fetched = vi.fn(async (_url: string) => Response.json(pull))
  vi.stubGlobal('fetch', fetched)
  const forge = forgeOf(url, undefined)
  expect(forge.name).toBe(name)
  expect(await forge.getPull()).toEqual({
    title: 'T',
    description: '',
    headSha: '1'.repeat(40),
    baseSha: 'b'.repeat(40),
  })
  expect(fetched.mock.calls.map(([one]) => one)).toEqual([asked])
})

test.each([
  'https://github.com/o/r',
  'https://github.com/o/r/issues/7',
  'https://github.com/o/r/pull/0',
  'https://github.com/o/r/pull/7x',
  'https://github.com/a/o/r/pull/7',
  'https://gitlab.com/o/r/-/merge_requests/7',
  'https://git.example/../%2e%2e/r/pulls/7',
  'https://git.example/o/r%2F..%2Fx/pulls/7',
  'ftp://git.example/o/r/pulls/7',
  'o/r#7',
])('%s is no address of a pull request', (url) => {
  expect(() => forgeOf(url, 'x')).toThrow('Expected the address of a pull request of GitHub or Gitea')
})

test('a password in an address is refused, and not told', () => {
  let error: unknown
  try {
    forgeOf('https://ann:canary@git.example/o/r/pulls/7', undefined)
  } catch (thrown) {
    error = thrown
  }
  expect(ForgeError.is(error) && error.code).toBe('refused')
  expect(String(error)).not.toContain('canary')
})
