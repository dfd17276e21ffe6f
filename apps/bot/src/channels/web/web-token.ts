import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What lets into the web chat; the same at every start, so that a page that is open stays in. Nobody else on the machine
 * may read it.
 */
export function webToken(dataFolder: string): string {
  const path = join(dataFolder, 'web-token')
  // A copy of a folder may have come with other rights, and a mode is only of a file that is made.
  if (existsSync(path)) chmodSync(path, 0o600)
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  // Half a token, of a disk that was full then, would be a short one.
  if (/^[\w-]{43}$/.test(kept)) return kept
  const token = randomBytes(32).toString('base64url')
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  return token
}
