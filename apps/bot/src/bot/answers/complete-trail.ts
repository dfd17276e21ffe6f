import type { Message, ToolResultPart } from '@executus/core'
import type { ToolCallPart } from '@executus/llm'

import type { TrailItem } from '../../view/entry.ts'
import { toolItemOf } from './trail.ts'

/**
 * A trail with the calls that it lacks, by the run's own conversation: what came right before a crash may be in no audit.
 * Each is put behind the call that came before it.
 */
export function completeTrail(trail: readonly TrailItem[], messages: readonly Message[]): readonly TrailItem[] {
  const items = [...trail]
  let at = 0
  for (const { call, result } of callsOf(messages)) {
    const found = items.findIndex((item) => item.type === 'tool' && item.callId === call.id)
    if (found < 0) items.splice(at, 0, toolItemOf(call, result))
    at = endOfCall(items, found < 0 ? at : found)
  }
  return items
}

/** Behind a call, and what the run that it delegated to did. */
function endOfCall(items: readonly TrailItem[], at: number): number {
  const call = items[at]
  const below = call?.type === 'tool' ? `${call.callId}/` : ''
  let end = at + 1
  for (let item = items[end]; item?.type === 'tool' && item.callId.startsWith(below); item = items[end]) end += 1
  return end
}

function callsOf(
  messages: readonly Message[],
): readonly { readonly call: ToolCallPart; readonly result: ToolResultPart | undefined }[] {
  const results = new Map(
    messages.flatMap((message) =>
      message.role === 'tool' ? message.content.map((part) => [part.callId, part] as const) : [],
    ),
  )
  return messages.flatMap((message) =>
    message.role !== 'assistant'
      ? []
      : message.content.flatMap((part) =>
          part.type === 'tool-call' ? [{ call: part, result: results.get(part.id) }] : [],
        ),
  )
}
