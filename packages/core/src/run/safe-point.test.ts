import { expect, test } from 'vitest'
import { z } from 'zod'

import { staticPalette } from '../delegation/palette.ts'
import { recordingCheckpointer, scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const delegating = [
  { calls: [{ name: 'agent__child', input: { task: 'help' } }] },
  { calls: [{ name: 'work', input: {} }] },
  { calls: [{ name: 'work', input: {} }] },
  { text: 'child done' },
  { text: 'all done' },
]
const agent = { name: 'boss', palette: ['child'] }

test('a shutdown with grace stops a delegated run at its own safe point, and a resume goes on inside it', async () => {
  let shutdown: Promise<void> | undefined
  let works = 0
  const work = defineTool({
    name: 'work',
    description: 'Works.',
    input: z.object({}),
    run: () => {
      works += 1
      shutdown ??= host.executor.shutdown({ graceMs: 1_000 })
      return `work ${works}`
    },
  })
  const checkpointer = recordingCheckpointer()
  const options = {
    tools: [work],
    palette: staticPalette([{ name: 'child', description: 'Helps.', tools: ['work'] }]),
    checkpointer,
  }
  const wide = { ...agent, delegateTools: ['work'] }
  const host = scriptedHost(delegating, options)

  const result = await host.executor.run(wide, 'go', { runId: 'r' })
  await shutdown

  expect(result).toMatchObject({ status: 'interrupted', stopReason: 'shutdown', durable: true })
  expect(works).toBe(1)
  const next = scriptedHost(delegating.slice(2), options)
  expect(await next.executor.resume('r').result).toMatchObject({ status: 'ok', output: 'all done' })
  expect(works).toBe(2)
  expect([...checkpointer.records.keys()]).toEqual(['r', 'r/call_1_0'])
})
