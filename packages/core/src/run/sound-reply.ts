import type { AssistantPart, ModelReply, Usage } from '@executus/llm'

/** A reply as it goes on: no half characters in it, and usage only if it can be added up. A model of a host's own may give both. */
export function soundReply(reply: ModelReply): ModelReply {
  const { message, usage } = reply
  const isWell = message.content.every(isWellFormed)
  if (isWell && (usage === undefined || canBeAdded(usage))) return reply
  const { usage: _, ...rest } = reply
  return {
    ...rest,
    message: isWell ? message : { ...message, content: message.content.map(mended) },
    ...(canBeAdded(usage) && { usage }),
  }
}

function isWellFormed(part: AssistantPart): boolean {
  if (part.type === 'text' || part.type === 'reasoning') return part.text.isWellFormed()
  return part.type !== 'tool-call' || (part.argumentsText.isWellFormed() && part.name.isWellFormed())
}

function mended(part: AssistantPart): AssistantPart {
  if (part.type === 'text' || part.type === 'reasoning') return { ...part, text: part.text.toWellFormed() }
  if (part.type !== 'tool-call') return part
  return { ...part, name: part.name.toWellFormed(), argumentsText: part.argumentsText.toWellFormed() }
}

const TOKENS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const

/** One NaN would make every sum NaN, and no budget stops at that. */
function canBeAdded(usage: Usage | undefined): boolean {
  if (typeof usage !== 'object' || (usage as object | null) === null) return false
  return TOKENS.every((name) => Number.isFinite(usage[name]) && usage[name] >= 0)
}
