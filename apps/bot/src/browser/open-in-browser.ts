import { spawn } from 'node:child_process'

import { withoutSecrets } from '../from-env.ts'
import { browserOpener } from './browser-opener.ts'
import { type Desktop, mayOpenBrowser } from './may-open-browser.ts'

/**
 * Opens an address in the browser, which outlives the program. Resolves when the opener has ended, with whether it went
 * well; some end only with the browser, so this is not waited for. Does nothing where `mayOpenBrowser` says no.
 */
export async function openInBrowser(address: string, desktop: Desktop): Promise<boolean> {
  const { command, args, isVerbatim } = browserOpener(desktop.platform, address)
  if (!mayOpenBrowser(desktop)) return false
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: withoutSecrets(desktop.env), // a browser has no need of our keys
      detached: true, // so that Ctrl-C is ours alone
      stdio: 'ignore',
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
    })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
    child.unref()
  })
}
