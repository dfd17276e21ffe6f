import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { expect, test } from 'vitest'

import { callTool } from '../tool-context.test-kit.ts'
import { fileTools } from './file-tools.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

// Swaps a name for a link to the outside and back, in a thread of its own, as fast as the disk allows.
const SWAPPER = `
  const { renameSync, symlinkSync, unlinkSync } = require('node:fs')
  const { parentPort, workerData } = require('node:worker_threads')
  const { name, outside } = workerData
  const quietly = (step) => { try { step() } catch {} }
  parentPort.postMessage('begun')
  for (;;) {
    quietly(() => renameSync(name, name + '.kept'))
    quietly(() => symlinkSync(outside, name))
    quietly(() => unlinkSync(name))
    quietly(() => renameSync(name + '.kept', name))
  }
`

/** What the calls said while `name` was swapped, and how the outside looks after them. */
async function under(root: string, name: string, outside: string, call: (index: number) => Promise<unknown>) {
  const swapper = new Worker(SWAPPER, { eval: true, workerData: { name: join(root, name), outside } })
  await once(swapper, 'message')
  const said = new Set<string>()
  for (let tries = 0; tries < 1_000; tries++)
    said.add(String(await call(tries).catch((error: unknown) => (error as Error).message)))
  await swapper.terminate()
  return said
}

test('write_file and edit_file never touch the outside while a folder is swapped for a link to it', async () => {
  const top = tempFolder({ 'ws/sub/x.txt': 'IN', 'outside/x.txt': 'IN' })
  const root = join(top, 'ws')
  const tools = fileTools({ root, write: true })

  const said = await under(root, 'sub', join(top, 'outside'), (index) =>
    index % 2
      ? callTool(tools, 'edit_file', { path: 'sub/x.txt', oldText: 'IN', newText: 'INN', replaceAll: true })
      : callTool(tools, 'write_file', { path: `sub/new${index}/y.txt`, content: 'y' }),
  )

  expect(readdirSync(join(top, 'outside'))).toEqual(['x.txt'])
  expect(readFileSync(join(top, 'outside/x.txt'), 'utf8')).toBe('IN')
  expect([...said].filter((each) => /\/tmp|\/proc/.test(each))).toEqual([])
})

test('write_file never writes through a file that is swapped for a link', async () => {
  const top = tempFolder({ 'ws/x.txt': 'IN', 'secret.txt': 'OUT' })
  const root = join(top, 'ws')
  const tools = fileTools({ root, write: true })

  await under(root, 'x.txt', join(top, 'secret.txt'), (index) =>
    callTool(tools, 'write_file', { path: 'x.txt', content: `${index}`, overwrite: true }),
  )

  expect(readFileSync(join(top, 'secret.txt'), 'utf8')).toBe('OUT')
  expect(readdirSync(top)).toEqual(['secret.txt', 'ws'])
  expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([])
})
