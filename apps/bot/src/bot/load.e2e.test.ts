import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('./load.test-kit.ts', import.meta.url))

test('two hundred people at once are all answered', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, '500'], { timeout: 55_000 })

  expect(JSON.parse(stdout)).toMatchObject({ answered: 500, failed: 0, waiting: 0 })
})
