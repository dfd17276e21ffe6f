import type { ToolCallPart, ToolResultContent } from '@executus/llm'

import { outputText, truncate } from '../tool/tool-output.ts'
import type { Run } from './run.ts'

/**
 * What a tool returned, as the model reads it. What is too long is cut; where the host has a file store it is kept whole
 * there, and the model is told under which name.
 */
export async function keepWhole(run: Run, call: ToolCallPart, value: unknown): Promise<readonly ToolResultContent[]> {
  const { maxToolOutputChars } = run.limits
  const { fileStore } = run.config
  const whole = outputText(value)
  const text = truncate(whole, maxToolOutputChars)
  if (fileStore === undefined || whole.length <= maxToolOutputChars) return [{ type: 'text', text }]
  try {
    const { runId, caller, channel, guild } = run.info
    const saved = await fileStore.save(
      {
        run: { runId, ...(caller && { caller }), ...(channel && { channel }), ...(guild && { guild }) },
        name: `${call.name}-${call.id}.txt`,
        mediaType: 'text/plain',
        source: { text: whole.toWellFormed() },
      },
      { signal: run.stop.signal },
    )
    return [{ type: 'text', text: `${text}\n[kept whole as ${saved.name}]` }]
  } catch (error) {
    run.logger.error(`the file store failed in run ${run.id}`, error)
    return [{ type: 'text', text }]
  }
}
