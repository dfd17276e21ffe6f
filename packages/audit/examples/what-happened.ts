import { createAudit } from '@executus/audit'
import { createExecutor, defineTool, fromEnv } from '@executus/core'
import { z } from 'zod'

const apiKey = 'c0ffee-4711-tea' // a real one comes from the environment

const stock = defineTool({
  name: 'stock',
  description: 'How much of a thing there is.',
  effect: 'read',
  input: z.object({ item: z.string() }),
  run: ({ item }) => `GET /stock/${item}?key=${apiKey} gives 12`,
})

// A real host keeps its audit on a disk: with `@executus/store-sqlite`.
const audit = createAudit({ secrets: [apiKey] })
const executor = createExecutor({ ...fromEnv(), tools: [stock], audit })

const agent = { name: 'clerk', tools: ['stock'] }
await executor.run(agent, 'How much tea is left?', { runId: 'tea', caller: 'eve' })

const { runs } = await audit.list({ caller: 'eve', limit: 10 })
for (const { runId, status, steps, toolCalls, output } of runs) console.log({ runId, status, steps, toolCalls, output })

for await (const line of audit.exportRun('tea')) {
  const { kind, type, arguments: given, result, text } = JSON.parse(line) as Record<string, unknown>
  console.log([type ?? kind, given ?? result ?? text].filter(Boolean).join(': '))
}
