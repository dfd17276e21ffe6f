import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const HIDE = '\u001B[?25l'
const SHOW = '\u001B[?25h'

async function leave(way: string, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./leaving.test-kit.ts', import.meta.url)), way], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  })
  const written = text(child.stderr)
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  if (signal !== undefined) {
    await once(child.stdout, 'data')
    child.kill(signal)
  }
  const [code, killedBy] = await ended
  return { code, killedBy, written: await written }
}

test.each([
  ['end', undefined, { code: 0, killedBy: null }],
  ['throw', undefined, { code: 1, killedBy: null }],
  ['exit', undefined, { code: 7, killedBy: null }],
  ['signal', 'SIGTERM', { code: null, killedBy: 'SIGTERM' }],
  ['signal', 'SIGHUP', { code: null, killedBy: 'SIGHUP' }],
] as const)(
  'a process that leaves by %s %s gives the cursor back, and leaves as it would have',
  async (way, signal, how) => {
    const { written, ...left } = await leave(way, signal)
    expect(left).toEqual(how)
    expect(written.split(HIDE)).toHaveLength(2)
    expect(written.split(SHOW)).toHaveLength(2)
    expect(written.indexOf(SHOW)).toBeGreaterThan(written.indexOf(HIDE))
  },
)
