import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tells those who want to end the bot which process it is. Gives what takes it away again. */
export function keepPid(dataFolder: string): () => void {
  const path = join(dataFolder, 'bot.pid')
  writeFileSync(path, `${process.pid}\n`, { mode: 0o600 })
  return () => rmSync(path, { force: true })
}
