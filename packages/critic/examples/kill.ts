import { createExecutor, fromEnv } from '@executus/core'
import { createCritic } from '@executus/critic'

// More room at the first silence, the end at the second.
const critic = createCritic({ idleMs: 500 })
const executor = createExecutor({ ...fromEnv(), critic })

// The model takes the question, and is never heard of again.
const result = await executor.run({ name: 'helper' }, 'Umbrella in Oslo?')
console.log(result.status)
if (result.status === 'killed') console.log(result.error.message)
