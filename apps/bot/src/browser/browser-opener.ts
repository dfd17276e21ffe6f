/** A program with its arguments. `isVerbatim`: they are the end of a command line, and quoted already. */
interface Opener {
  readonly command: string
  readonly args: readonly string[]
  readonly isVerbatim: boolean
}

/**
 * What opens an address on a platform.
 *
 * @throws TypeError unless it is an http(s) address: openers start whatever they are given
 */
export function browserOpener(platform: string, address: string): Opener {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) throw new TypeError('Expected `address` to be an http(s) URL')
  if (platform === 'darwin') return { command: 'open', args: [url.href], isVerbatim: false }
  if (platform !== 'win32') return { command: 'xdg-open', args: [url.href], isVerbatim: false }
  // Between quotes cmd.exe takes everything as it is but `"`, which no parsed address has, and `%NAME%`, where NAME would
  // have to begin with two hexadecimal digits. The first quotes are the window's title.
  return { command: 'cmd.exe', args: ['/d', '/v:off', '/s', '/c', `"start "" "${url.href}""`], isVerbatim: true }
}
