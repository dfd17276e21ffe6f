import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

/** A folder that is gone after the test; what works in it is to be ended by a later `onTestFinished`. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bot-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
