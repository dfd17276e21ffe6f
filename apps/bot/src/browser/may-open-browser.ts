/** Where the program runs, as far as browsers go. */
export interface Desktop {
  /** As `process.platform`. */
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a person sees what the program prints. */
  readonly isTty: boolean
}

/** Whether there is somebody to open a browser for, and a screen to open it on. */
export function mayOpenBrowser({ platform, env, isTty }: Desktop): boolean {
  const isSet = (name: string) => (env[name] ?? '') !== ''
  const isCi = isSet('CI') && !/^(false|0)$/i.test(env['CI']!) // some tools say that it is none
  if (!isTty || isCi || env['BROWSER']?.toLowerCase() === 'none') return false
  const hasScreen = platform === 'darwin' || platform === 'win32'
  return hasScreen || isSet('DISPLAY') || isSet('WAYLAND_DISPLAY')
}
