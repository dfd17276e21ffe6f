import { type Message, type ToolMessage, type ToolResultPart, userMessage } from '@executus/llm'

import type { CompactionEntry } from '../journal/entry.ts'
import { truncate } from '../tool/tool-output.ts'

/** The messages that a model sees after a compaction; the very same list when there was nothing to take away. */
export function compactedBy(messages: Message[], { shrink, summary }: CompactionEntry): Message[] {
  let compacted = messages
  if (shrink !== undefined) {
    const { before, maxChars } = shrink
    compacted = messages.map((message, index) =>
      index < before && message.role === 'tool' ? shrunk(message, maxChars) : message,
    )
    if (compacted.every((message, index) => message === messages[index])) compacted = messages
  }
  if (summary === undefined) return compacted
  const { from, to, text } = summary
  return [...compacted.slice(0, from), userMessage(`${HEADING}\n${text}`), ...compacted.slice(to)]
}

const HEADING = '[Summary of the conversation so far; the messages themselves are no longer shown.]'

// What was cut before has a note at its end, and is not cut again.
const NOTE_CHARS = 80

function shrunk(message: ToolMessage, maxChars: number): ToolMessage {
  const content = message.content.map((result) => shrunkResult(result, maxChars))
  return content.every((result, index) => result === message.content[index]) ? message : { ...message, content }
}

function shrunkResult(result: ToolResultPart, maxChars: number): ToolResultPart {
  const isSmall = result.content.every((part) => part.type === 'text' && part.text.length <= maxChars + NOTE_CHARS)
  if (isSmall) return result
  const content = result.content.map((part) =>
    part.type === 'text'
      ? { ...part, text: truncate(part.text, maxChars) }
      : { type: 'text' as const, text: `[${part.type} no longer shown]` },
  )
  return { ...result, content }
}
