import { expect, test } from 'vitest'

import { browserOpener } from './browser-opener.ts'

const ADDRESS = 'http://127.0.0.1:4310/#token=a-b_c'

test.each([
  ['darwin', ADDRESS, 'open', [ADDRESS]],
  ['linux', ADDRESS, 'xdg-open', [ADDRESS]],
  ['openbsd', ADDRESS, 'xdg-open', [ADDRESS]],
  ['win32', ADDRESS, 'cmd.exe', ['/d', '/v:off', '/s', '/c', `"start "" "${ADDRESS}""`]],
  ['win32', 'http://h/?a=1&b="&calc', 'cmd.exe', ['/d', '/v:off', '/s', '/c', '"start "" "http://h/?a=1&b=%22&calc""']],
  ['win32', 'http://h/"&calc#"|x', 'cmd.exe', ['/d', '/v:off', '/s', '/c', '"start "" "http://h/%22&calc#%22|x""']],
  ['linux', 'HTTP://h/a b', 'xdg-open', ['http://h/a%20b']],
])('on %s %s is opened by %s %j', (platform, address, command, args) => {
  expect(browserOpener(platform, address)).toEqual({ command, args, isVerbatim: platform === 'win32' })
})

test.each(['file:///etc/passwd', 'javascript:alert(1)', '--version', 'calc.exe', ''])(
  '%j is opened nowhere',
  (address) => {
    for (const platform of ['linux', 'darwin', 'win32'])
      expect(() => browserOpener(platform, address)).toThrow(new TypeError('Expected `address` to be an http(s) URL'))
  },
)
