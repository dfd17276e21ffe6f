import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Approvals, createExecutor, fromEnv } from '@executus/core'
import { commonTools, fileTools } from '@executus/core/tools'

const root = mkdtempSync(join(tmpdir(), 'notes-'))
// A real host asks on a screen, or puts it off with `approveLater`.
const approvals: Approvals = {
  async ask(requests) {
    for (const { tool, resources } of requests) console.log(`May it ${tool} ${resources[0]?.value}? Yes.`)
    return requests.map(({ id }) => ({ id, isApproved: true }))
  },
}
const executor = createExecutor({
  ...fromEnv(),
  tools: [...commonTools(), ...fileTools({ root, write: true })],
  permissions: { rules: [{ decision: 'ask', capabilities: ['fs.write'] }] },
  approvals,
})

const agent = { name: 'secretary', tools: ['read_file', 'write_file', 'todo_list'] }
const run = executor.start(agent, 'Note that the boiler is checked on Friday.')
run.on('tool-call-end', ({ tool, result }) => console.log(`${tool}: ${result.isError ? 'failed' : 'done'}`))

const { output } = await run.result
console.log(output)
console.log(`boiler.md: ${readFileSync(join(root, 'boiler.md'), 'utf8')}`)
