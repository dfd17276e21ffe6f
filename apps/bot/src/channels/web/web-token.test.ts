import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { tempFolder } from '../../temp-folder.test-kit.ts'
import { webToken } from './web-token.ts'

test('a token that others could read is kept, and theirs no more', () => {
  const folder = tempFolder()
  const path = join(folder, 'web-token')
  const token = webToken(folder)
  chmodSync(path, 0o644)

  expect(webToken(folder)).toBe(token)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test.each(['', 'half', 'x'.repeat(44)])('a file that holds %j gets a new token, for its owner alone', (text) => {
  const folder = tempFolder()
  const path = join(folder, 'web-token')
  writeFileSync(path, text, { mode: 0o644 })

  expect(webToken(folder)).toMatch(/^[\w-]{43}$/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
