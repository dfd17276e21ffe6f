import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openFolder } from './folder.ts'
import { tempFolder } from './temp-folder.test-kit.ts'
import { walk } from './walk.ts'

const files = { 'a/1': '', 'a/2': '', 'b/3': '' }

test('walk() ends in the middle when its signal aborts', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const seen: string[] = []
  const entries = walk(openFolder(tempFolder(files), new Set()), '.', { maxDepth: 9, signal: controller.signal })

  const done = (async () => {
    for await (const entry of entries) {
      seen.push(entry.path)
      if (entry.name === '1') controller.abort(reason)
    }
  })()

  await expect(done).rejects.toBe(reason)
  expect(seen).toEqual(['a', 'b', 'a/1'])
})

test('walk() goes on past a folder that has vanished', async () => {
  const root = tempFolder(files)
  const seen: string[] = []
  const { signal } = new AbortController()
  for await (const entry of walk(openFolder(root, new Set()), '.', { maxDepth: 9, signal })) {
    seen.push(entry.path)
    if (entry.name === 'a') rmSync(join(root, 'a'), { recursive: true })
  }
  expect(seen).toEqual(['a', 'b', 'b/3'])
})
