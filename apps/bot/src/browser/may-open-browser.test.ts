import { expect, test } from 'vitest'

import { mayOpenBrowser } from './may-open-browser.ts'

const X11 = { DISPLAY: ':0' }

test.each([
  ['linux', X11, true, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true, true],
  ['freebsd', X11, true, true],
  ['darwin', {}, true, true],
  ['win32', {}, true, true],
  ['linux', {}, true, false],
  ['linux', { DISPLAY: '', WAYLAND_DISPLAY: '' }, true, false],
  ['linux', X11, false, false],
  ['darwin', {}, false, false],
  ['linux', { ...X11, CI: 'true' }, true, false],
  ['win32', { CI: '1' }, true, false],
  ['linux', { ...X11, CI: 'false' }, true, true],
  ['linux', { ...X11, CI: '0' }, true, true],
  ['linux', { ...X11, CI: '' }, true, true],
  ['linux', { ...X11, BROWSER: 'none' }, true, false],
  ['darwin', { BROWSER: 'NONE' }, true, false],
  ['linux', { ...X11, BROWSER: 'firefox' }, true, true],
])('on %s with %j and a terminal: %s, a browser may be opened: %s', (platform, env, isTty, expected) => {
  expect(mayOpenBrowser({ platform, env, isTty })).toBe(expected)
})
