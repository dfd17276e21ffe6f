/** What the program itself takes from the environment; models are `fleetFromEnv`'s. */
export interface Environment {
  /** Of the forge; no model's process or prompt ever holds it. */
  readonly token?: string
  /** Whether a build server reads what is printed. */
  readonly isCi: boolean
  /** Whether colours are not wanted (https://no-color.org). */
  readonly isPlain: boolean
  /** Whether the terminal can only write on: nothing there is drawn over. */
  readonly isDumb: boolean
  /** Whether the terminal shows more than ASCII. */
  readonly isUtf8: boolean
}

export function environmentFrom(env: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const token = env['EXECUTUS_REVIEW_TOKEN']
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  const isSet = (name: string) => (env[name] ?? '') !== ''
  const isDumb = env['TERM'] === 'dumb'
  return {
    ...(token !== undefined && token !== '' && { token }),
    isCi: isSet('CI') && !/^(false|0)$/i.test(env['CI']!), // some tools say that it is none
    isPlain: isSet('NO_COLOR') || isDumb,
    isDumb,
    isUtf8: /utf-?8/i.test(locale) || process.platform === 'win32' || process.platform === 'darwin',
  }
}
