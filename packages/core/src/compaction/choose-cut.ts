import { estimateTokens, type Message } from '@executus/llm'

/** The messages that are summarised: from the first inclusive to the second exclusive. */
export interface Cut {
  readonly from: number
  readonly to: number
}

/**
 * Chooses the middle of a conversation: after its first message, which is what the run is about, and before the newest
 * ones, of which at most `keepTokens` stay. Never between a call and its result. Nothing when there is no middle.
 */
export function chooseCut(messages: readonly Message[], keepTokens: number): Cut | undefined {
  const from = messages[0]?.role === 'user' ? 1 : 0
  let to = messages.length
  let tokens = 0
  for (let index = messages.length - 1; index > from; index--) {
    tokens += estimateTokens({ messages: [messages[index]!] })
    if (tokens > keepTokens && to < messages.length) break
    // What follows a reply with calls are their results: the newest part begins at a reply or at a person's word.
    if (messages[index]!.role !== 'tool') to = index
  }
  return to - from >= 1 && to < messages.length ? { from, to } : undefined
}
