import { type Agent, createExecutor, defineTool, fromEnv } from '@executus/core'
import { z } from 'zod'

const forecast = defineTool({
  name: 'forecast',
  description: 'Tomorrow\u2019s weather at a place.',
  effect: 'read',
  input: z.object({ place: z.string() }),
  run: ({ place }) => ({ place, rainMm: 12, windMs: 9 }),
})
const agent: Agent = {
  name: 'hiking-advisor',
  instructions: 'You advise people who walk in the hills.',
  phases: [
    { name: 'facts', instructions: 'Find out what matters, as a list.', tools: ['forecast'], maxSteps: 4 },
    { name: 'advice', instructions: 'Advise in one sentence, from these facts alone:\n{{facts}}' },
  ],
}

const executor = createExecutor({ ...fromEnv(), tools: [forecast] })
const run = executor.start(agent, 'Galdh\u00f8piggen tomorrow?')
run.on('phase-end', ({ phase, output }) => console.log(`${phase}: ${output}`))

const result = await run.result
console.log(`advice: ${result.output}`)
console.log(`${result.steps} steps, ${result.status}`)
