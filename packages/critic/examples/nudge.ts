import { setTimeout as sleep } from 'node:timers/promises'

import { createExecutor, defineTool, fromEnv, textOf } from '@executus/core'
import { createCritic, type Escalator } from '@executus/critic'
import { z } from 'zod'

const search = defineTool({
  name: 'search_archive',
  description: 'Searches the archive.',
  effect: 'read',
  input: z.object({ query: z.string() }),
  run: () => sleep(1_500, 'nothing found'),
})

// Is patient with models; says a word when a tool takes long.
const escalator: Escalator = {
  decide({ cause, nudges }) {
    if (cause.type !== 'idle' || cause.during !== 'tools' || nudges > 0) return { action: 'wait' }
    const names = cause.tools.map(({ tool }) => tool).join(', ')
    return { action: 'extend', timeMs: 10_000, text: `${names} is slow today: use it once, and then answer.` }
  },
}
const critic = createCritic({ idleMs: 500, escalator })

const executor = createExecutor({ ...fromEnv(), tools: [search], critic })
const run = executor.start({ name: 'archivist', tools: ['search_archive'] }, 'Who built the old bridge?')
run.on('tool-call-end', ({ tool, elapsedMs }) => console.log(`${tool} was silent for long: ${elapsedMs > 1_000}`))
run.on('limits-raised', ({ timeoutMs }) => console.log(`it may take ${timeoutMs} ms now`))
run.on('steer-delivered', ({ step, message }) => console.log(`step ${step} reads: ${textOf(message)}`))

const result = await run.result
console.log(result.status, result.output)
