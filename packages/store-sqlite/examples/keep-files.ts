import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createCheckpoints } from '@executus/checkpoint'
import { createExecutor, defineTool } from '@executus/core'
import { openSqlite, sqliteFileStore, sqliteJournalStore } from '@executus/store-sqlite'
import { z } from 'zod'

// One file for the runs and for what they keep.
const db = await openSqlite(join(mkdtempSync(join(tmpdir(), 'runs-')), 'runs.db'))
const checkpoints = createCheckpoints(await sqliteJournalStore(db))
const files = await sqliteFileStore(db)

// The model is told names; this is how it comes to what is behind them.
const readFile = defineTool({
  name: 'read_file',
  description: 'A file that was attached or kept, from its 1st, 10,001st, ... character on.',
  effect: 'read',
  input: z.object({ name: z.string(), from: z.number().int().min(1) }),
  async run({ name, from }, { runId }) {
    const file = await files.read(name)
    if (file?.runId !== runId) return 'There is no such file.'
    return Buffer.from(file.bytes)
      .toString()
      .slice(from - 1, from + 9_999)
  },
})
const executor = createExecutor({ tools: [readFile], checkpointer: checkpoints, fileStore: files })

// What an executor does with the files of an invocation, and with output of tools that is too long.
const { name } = await files.save({
  run: { runId: 'trip' },
  name: 'plan.txt',
  mediaType: 'text/plain',
  source: { text: 'Galdhøpiggen, on Saturday' },
})
console.log(name)
console.log((await files.list({ runId: 'trip' })).map(({ originalName, size }) => `${originalName}, ${size} bytes`))
console.log(Buffer.from((await files.read(name))!.bytes).toString())

// Once a day: runs that ended a month ago go, with their files; and files of runs that are not kept here.
const aMonthAgo = Date.now() - 30 * 86_400_000
console.log(await checkpoints.sweep({ settledBeforeMs: aMonthAgo, limit: 10_000 }))
console.log(await files.sweep({ savedBeforeMs: aMonthAgo, limit: 10_000 }))

await executor.shutdown()
await files.close()
await checkpoints.close()
await db.close()
