import { createCheckpoints, memoryJournalStore, recoverRuns } from '@executus/checkpoint'
import { approveLater, createExecutor, defineTool, fromEnv } from '@executus/core'
import { z } from 'zod'

const pay = defineTool({
  name: 'pay',
  description: 'Pays a bill.',
  effect: 'destructive', // is asked for
  input: z.object({ euros: z.number() }),
  run: ({ euros }) => `${euros} euros paid`,
})

// A real host keeps its records on a disk: with `@executus/store-sqlite`.
const checkpoints = createCheckpoints(memoryJournalStore())
const executor = createExecutor({ ...fromEnv(), tools: [pay], approvals: approveLater, checkpointer: checkpoints })

const agent = { name: 'clerk', tools: ['pay'] }
const result = await executor.run(agent, 'Pay the water bill: 40 euros.', { runId: 'water' })
if (result.status !== 'suspended') throw new Error(`it ended as ${result.status}`)
for (const { tool, input } of result.approvals) console.log(`May it ${tool} ${JSON.stringify(input)}?`)

// Hours later, in any process: nothing was held in the meantime but the record.
const decisions = result.approvals.map(({ id }) => ({ id, isApproved: true, by: 'eve' }))
console.log(await checkpoints.deliver('water', decisions), await checkpoints.deliver('water', decisions))

const { resumed } = await recoverRuns(executor, checkpoints)
console.log(resumed, (await checkpoints.find('water'))?.outcome?.output)
