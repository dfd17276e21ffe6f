import { estimateTokens, type Message, toolCallsOf, userMessage } from '@executus/llm'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { chooseCut } from './choose-cut.ts'
import { compactedBy } from './compacted-by.ts'

const text = fc.string({ maxLength: 200 }).map((value) => `x${value}`.toWellFormed())
const reply = fc.record({ text, calls: fc.nat({ max: 3 }) })
const turn = fc.oneof(text, reply)

/** A conversation that any provider would take: of user messages, replies and, after those with calls, their results. */
function conversationOf(turns: readonly (string | { readonly text: string; readonly calls: number })[]): Message[] {
  const messages: Message[] = [userMessage('go')]
  for (const [index, one] of turns.entries()) {
    if (typeof one === 'string') {
      messages.push(userMessage(one))
      continue
    }
    const ids = Array.from({ length: one.calls }, (_, call) => `${index}_${call}`)
    messages.push({
      role: 'assistant',
      content: [
        { type: 'text', text: one.text },
        ...ids.map((id) => ({ type: 'tool-call' as const, id, name: 't', argumentsText: '{}' })),
      ],
    })
    if (ids.length > 0)
      messages.push({
        role: 'tool',
        content: ids.map((callId) => ({
          type: 'tool-result',
          callId,
          name: 't',
          content: [{ type: 'text', text: one.text }],
          isError: false,
        })),
      })
  }
  return messages
}

const conversations = fc.array(turn, { maxLength: 12 }).map(conversationOf)

/** Whether each reply with calls is followed by the results of just these calls, and nothing else is. */
function isLegal(messages: readonly Message[]): boolean {
  return messages.every((message, index) => {
    const before = messages[index - 1]
    const called = before?.role === 'assistant' ? toolCallsOf(before).map(({ id }) => id) : []
    const answered = message.role === 'tool' ? message.content.map(({ callId }) => callId) : []
    return called.join() === answered.join()
  })
}

test('chooseCut() never cuts between a call and its result, keeps the first message and some of the newest', () => {
  fc.assert(
    fc.property(conversations, fc.nat({ max: 400 }), (messages, keepTokens) => {
      const cut = chooseCut(messages, keepTokens)
      if (cut === undefined) return
      expect(cut.from).toBe(1)
      expect(cut.to).toBeGreaterThan(cut.from)
      expect(cut.to).toBeLessThan(messages.length)
      const after = compactedBy(messages, { type: 'compaction', tokensBefore: 0, summary: { ...cut, text: 'summary' } })
      expect(isLegal(messages)).toBe(true)
      expect(isLegal(after)).toBe(true)
      expect(after[0]).toBe(messages[0])
      expect(after.slice(2)).toEqual(messages.slice(cut.to))
      // What is kept is no more than was asked for, unless the newest turn alone is.
      const newest = messages.findLastIndex(({ role }) => role !== 'tool')
      expect(cut.to === newest || estimateTokens({ messages: messages.slice(cut.to) }) <= keepTokens).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('chooseCut() finds no middle where there is none, and else the oldest turn at the least', () => {
  expect(chooseCut([], 10)).toBeUndefined()
  expect(chooseCut([userMessage('go')], 10)).toBeUndefined()
  expect(chooseCut(conversationOf([{ text: 'a', calls: 2 }]), 0)).toBeUndefined()
  expect(chooseCut(conversationOf([{ text: 'a', calls: 2 }, 'more']), 0)).toEqual({ from: 1, to: 3 })
  expect(chooseCut(conversationOf([{ text: 'a', calls: 2 }, 'more']), 100_000)).toEqual({ from: 1, to: 3 })
})

test('compactedBy() cuts old tool results once, and gives the very same list when there is nothing to cut', () => {
  const messages = conversationOf([
    { text: 'y'.repeat(5_000), calls: 1 },
    { text: 'short', calls: 1 },
  ])
  const shrink = { type: 'compaction', tokensBefore: 0, shrink: { before: 99, maxChars: 100 } } as const
  const once = compactedBy(messages, shrink)
  expect(once[2]).toMatchObject({
    content: [{ content: [{ text: `${'y'.repeat(100)}\n[cut: 4900 of 5000 characters are not shown]` }] }],
  })
  expect(once[4]).toBe(messages[4])
  expect(compactedBy(once, shrink)).toBe(once)
  expect(compactedBy(messages, { ...shrink, shrink: { before: 2, maxChars: 100 } })).toBe(messages)
})
