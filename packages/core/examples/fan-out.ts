import { createExecutor, fanOut, fromEnv } from '@executus/core'
import { z } from 'zod'

const files = { 'main.ts': 'await start(process.env.PORT)', 'start.ts': 'export const start = (port) => listen(port)' }
const lenses = ['security', 'correctness'] as const
const verdict = z.object({ isFine: z.boolean(), why: z.string() })

const executor = createExecutor(fromEnv())
const cells = await fanOut(
  Object.entries(files),
  lenses,
  async ([file, code], lens, { signal }) => {
    const agent = { name: lens, instructions: `You review code for ${lens} alone.` }
    const result = await executor.run(agent, `${file}:\n${code}`, { output: verdict, signal })
    if (result.status !== 'ok') throw result.error
    return result.object
  },
  { concurrency: 2, onProgress: ({ type, done, total }) => type === 'cell-end' && console.log(`${done} of ${total}`) },
)

// One row for each file, one cell for each lens, in order; a cell that failed says why and loses no other.
for (const row of cells)
  for (const cell of row) {
    const said = cell.ok ? `${cell.value?.isFine ? 'fine' : 'not fine'}, ${cell.value?.why}` : cell.error.message
    console.log(`${cell.item[0]}, ${cell.lens}: ${said}`)
  }
