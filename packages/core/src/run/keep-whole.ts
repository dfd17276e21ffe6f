import type { ToolCallPart, ToolResultContent } from '@executus/llm'

import { serialise } from '../tool/serialise.ts'
import { tellPort } from './ask-port.ts'
import type { Run } from './run.ts'
import { whoOf } from './who-of.ts'

// A file that nobody reads to its end; a store takes it in memory.
const LONGEST_FILE = 4 * 1024 * 1024

/**
 * What a tool returned, as the model reads it. What is too long is cut; where the host has a file store it is kept whole
 * there, and the model is told under which name.
 */
export async function keepWhole(run: Run, call: ToolCallPart, value: unknown): Promise<readonly ToolResultContent[]> {
  const { text, isWhole } = serialise(value, run.limits.maxToolOutputChars)
  if (isWhole || run.config.fileStore === undefined) return [{ type: 'text', text }]
  const file = serialise(value, LONGEST_FILE)
  const name = await save(run, call, file.text)
  if (name === undefined) return [{ type: 'text', text }]
  const kept = file.isWhole ? 'kept whole' : `the first ${LONGEST_FILE} characters are kept`
  return [{ type: 'text', text: `${text}\n[${kept} as ${name}]` }]
}

/** A store that fails or hangs costs the model nothing but the file: the call has had its effect. */
async function save(run: Run, call: ToolCallPart, text: string): Promise<string | undefined> {
  const file = {
    run: { runId: run.id, ...whoOf(run.info) },
    name: `${call.name}-${call.id}.txt`,
    mediaType: 'text/plain',
    source: { text },
  }
  const saving = tellPort(run, 'the file store', async (signal) => {
    const { name } = await run.config.fileStore!.save(file, { signal: AbortSignal.any([signal, run.stop.signal]) })
    if (typeof name !== 'string') throw new TypeError('Expected the file store to give a `name`')
    return name
  })
  return run.stop.race(saving).catch(() => undefined)
}
