import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { folderWith } from '../config/config-folder.test-kit.ts'
import { openInBrowser } from './open-in-browser.ts'

/** An `xdg-open` that writes down how it was called, and ends with this code. */
function desktopThatEndsWith(code: number) {
  const folder = folderWith({ 'xdg-open': `#!/bin/sh\necho "$@" > "$OUT"\n/usr/bin/env >> "$OUT"\nexit ${code}\n` })
  chmodSync(join(folder, 'xdg-open'), 0o755)
  const out = join(folder, 'out')
  const env = { PATH: folder, OUT: out, DISPLAY: ':0', DISCORD_TOKEN: 'a-discord-token', OPENAI_API_KEY: 'a-key' }
  return { out, desktop: { platform: 'linux', env, isTty: true } }
}

const ADDRESS = 'http://127.0.0.1:4310/#token=abc'

test.each([
  [0, true],
  [3, false],
])('an opener that ends with %d tells that it went well: %s', async (code, isOpen) => {
  const { out, desktop } = desktopThatEndsWith(code)
  expect(await openInBrowser(ADDRESS, desktop)).toBe(isOpen)
  expect(readFileSync(out, 'utf8').split('\n')[0]).toBe(ADDRESS)
})

test('the opener gets the environment without the secrets', async () => {
  const { out, desktop } = desktopThatEndsWith(0)
  await openInBrowser(ADDRESS, desktop)
  const written = readFileSync(out, 'utf8')
  expect(written).toContain('DISPLAY=:0')
  expect(written).not.toContain('a-discord-token')
  expect(written).not.toContain('a-key')
})

test('an opener that is not there fails without a word', async () => {
  const { desktop } = desktopThatEndsWith(0)
  expect(await openInBrowser(ADDRESS, { ...desktop, env: { ...desktop.env, PATH: '/nowhere' } })).toBe(false)
})

test('where nothing may be opened nothing is started', async () => {
  const { out, desktop } = desktopThatEndsWith(0)
  expect(await openInBrowser(ADDRESS, { ...desktop, isTty: false })).toBe(false)
  expect(existsSync(out)).toBe(false)
})
