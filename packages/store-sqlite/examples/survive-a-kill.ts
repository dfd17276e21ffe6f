import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createCheckpoints, recoverRuns } from '@executus/checkpoint'
import { createExecutor, defineTool, fromEnv } from '@executus/core'
import { sqliteJournalStore } from '@executus/store-sqlite'
import { z } from 'zod'

// This program starts itself a second time, as the process that will be killed.
const [, program = '', path = join(mkdtempSync(join(tmpdir(), 'runs-')), 'runs.db')] = process.argv
const isVictim = process.argv.length > 2
if (!isVictim) console.log('the first process:', spawnSync(process.execPath, [program, path]).signal)

const weather = defineTool({
  name: 'weather',
  description: 'Current weather of a city.',
  effect: 'read',
  input: z.object({ city: z.string() }),
  run({ city }) {
    if (isVictim) process.kill(process.pid, 'SIGKILL')
    return `${city}: rain, 4 degrees`
  },
})
const checkpoints = createCheckpoints(await sqliteJournalStore(path))
const executor = createExecutor({ ...fromEnv(), tools: [weather], checkpointer: checkpoints })

if (isVictim) await executor.run({ name: 'helper', tools: ['weather'] }, 'Umbrella in Oslo?', { runId: 'umbrella' })

// The next process goes on from there: the model is not asked again for what it has answered.
const { resumed } = await recoverRuns(executor, checkpoints)
console.log('the second process:', resumed)
console.log((await checkpoints.find('umbrella'))?.outcome?.output)
await executor.shutdown()
await checkpoints.close()
