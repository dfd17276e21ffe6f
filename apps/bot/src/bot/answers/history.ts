import { isDeepStrictEqual } from 'node:util'

import type { Message, RunResult, UserPart } from '@executus/core'

import type { Turn, TurnStore } from '../../store/turn-store.ts'

/** About 100,000 tokens: more than a chat needs, and less than a window holds. */
const MOST_CHARS = 400_000
/** Pictures and documents of older turns are named, not sent again. */
const TURNS_WITH_MEDIA = 2

/** What was said before in a conversation, as a model sees it: as much as fits, from a turn's beginning on. */
export function historyOf(turns: TurnStore, conversationId: string): readonly Message[] {
  const newestFirst: (readonly Message[])[] = []
  let chars = 0
  for (const { isWhole, messages } of turns.newest(conversationId)) {
    chars += charsOf(messages)
    if (chars > MOST_CHARS && newestFirst.length > 0) break
    newestFirst.push(messages)
    if (isWhole) break
  }
  return newestFirst.toReversed().flat()
}

/** Keeps a turn, and takes the pictures out of the one that is too old now: they are large, and not sent again. */
export function keepTurn(turns: TurnStore, turn: Turn): void {
  turns.add(turn)
  const old = turns.beforeNewest(turn.conversationId, TURNS_WITH_MEDIA)
  const isLight = old?.messages.every((message) => withoutMedia(message) === message) ?? true
  if (old !== undefined && !isLight) turns.change({ ...old, messages: old.messages.map(withoutMedia) })
}

/**
 * What a run added, to be kept: all after the conversation that it began with, the newest question included; or everything,
 * where it made the conversation smaller. `problem` stands in for an answer that did not come.
 */
export function turnOf(
  { messages }: Pick<RunResult, 'messages'>,
  input: readonly Message[] | undefined,
  problem: string | undefined,
): Pick<Turn, 'isWhole' | 'messages'> {
  const before = input === undefined ? newestQuestion(messages) : input.length - 1
  const isWhole = input !== undefined && !isDeepStrictEqual(messages.slice(0, before), input.slice(0, before))
  const added = isWhole ? messages : messages.slice(before)
  if (added.at(-1)?.role === 'assistant') return { isWhole, messages: added }
  const text = `(No answer was given${problem === undefined ? '' : `: ${problem}`})`
  return { isWhole, messages: [...added, { role: 'assistant', content: [{ type: 'text', text }] }] }
}

function newestQuestion(messages: readonly Message[]): number {
  return Math.max(
    0,
    messages.findLastIndex(({ role }) => role === 'user'),
  )
}

/** Of what is read as text: a picture takes as much of a window as a page, however many bytes it has. */
function charsOf(messages: readonly Message[]): number {
  return JSON.stringify(messages.map(withoutMedia)).length
}

function withoutMedia(message: Message): Message {
  if (message.role !== 'user' || message.content.every(({ type }) => type === 'text')) return message
  return { ...message, content: message.content.map(named) }
}

function named(part: UserPart): UserPart {
  if (part.type === 'text') return part
  const name = part.type === 'file' && part.name !== undefined ? `${part.name}, ` : ''
  return { type: 'text', text: `[${name}${part.mediaType}: sent earlier, not shown again]` }
}
