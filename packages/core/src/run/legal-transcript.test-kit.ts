import { isDeepStrictEqual } from 'node:util'

import { type AssistantMessage, type Message, toolCallsOf, type ToolMessage } from '@executus/llm'

/**
 * What both vendors would refuse in a conversation, and what a store would spoil; empty when nothing. A reply without
 * content is none of it: the encoders of `@executus/llm` leave it out.
 */
export function faultsOf(messages: readonly Message[]): readonly string[] {
  const faults: string[] = []
  if (messages.length === 0) faults.push('there is no message')
  else if (messages[0]!.role !== 'user') faults.push(`the first message is the ${messages[0]!.role}'s`)
  const ids = new Set<string>()
  for (const [index, message] of messages.entries()) {
    const complain = (what: string) => faults.push(`message ${index} (${message.role}): ${what}`)
    const before = messages[index - 1]
    const expected = before?.role === 'assistant' ? toolCallsOf(before) : []
    if (message.role === 'tool') checkResults(message, before, complain)
    else if (expected.length > 0) complain(`stands between ${expected.length} calls and their results`)
    if (message.role === 'assistant') checkCalls(message, ids, complain)
    else if (message.content.length === 0) complain('is empty')
    checkPlain(message, complain)
  }
  const last = messages.at(-1)
  if (last?.role === 'assistant' && toolCallsOf(last).length > 0) faults.push('the last calls have no results')
  return faults
}

/** The same for what a model is asked: somebody else has the last word, or the reply is one that goes on. */
export function faultsOfRequest(messages: readonly Message[], mayGoOn: boolean): readonly string[] {
  const faults = faultsOf(messages)
  return messages.at(-1)?.role === 'assistant' && !mayGoOn
    ? [...faults, 'the last word is the model\u2019s own']
    : faults
}

type Complain = (what: string) => void

function checkCalls(message: AssistantMessage, ids: Set<string>, complain: Complain): void {
  for (const { id } of toolCallsOf(message)) {
    if (id === '') complain('a call has no id')
    if (ids.has(id)) complain(`the id ${id} stands for two calls`)
    ids.add(id)
  }
}

function checkResults({ content }: ToolMessage, before: Message | undefined, complain: Complain): void {
  const calls = before?.role === 'assistant' ? toolCallsOf(before) : []
  if (calls.length === 0) complain('answers no call')
  const called = calls.map(({ id, name }) => `${id} ${name}`)
  const answered = content.map(({ callId, name }) => `${callId} ${name}`)
  if (!isDeepStrictEqual(called, answered))
    complain(`has results of [${answered.join()}] for calls of [${called.join()}]`)
  for (const result of content) if (result.content.length === 0) complain(`the result of ${result.callId} is empty`)
}

function checkPlain(message: Message, complain: Complain): void {
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(message)), message)) complain('is not plain JSON')
  // What a model wrote is made whole by the encoders; it is the loop's own that is checked here.
  if (message.role !== 'assistant' && !JSON.stringify(message, refuseHalves).isWellFormed()) complain('is not JSON')
  for (const part of message.content)
    if (part.type === 'text' && part.text === '') complain('has an empty text')
    else if (part.type === 'tool-result')
      for (const inner of part.content) if (inner.type === 'text' && inner.text === '') complain('has an empty text')
}

function refuseHalves(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && !value.isWellFormed())
    throw new Error(`half a character in ${JSON.stringify(value)}`)
  return value
}
