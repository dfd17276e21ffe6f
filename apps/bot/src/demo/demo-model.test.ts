import type { Message, ToolSpec } from '@executus/core'
import { fakeClock } from '@executus/core/testing'
import { userMessage } from '@executus/llm'
import { expect, test } from 'vitest'

import { demoHost } from './demo-host.test-kit.ts'
import { demoModel } from './demo-model.ts'

const hello = { messages: [userMessage('Hello')] }
const tool = (name: string): ToolSpec => ({ name, description: name, inputSchema: { type: 'object' } })

test('words come one after the other, with a pause after each', async () => {
  const clock = fakeClock()
  const words: string[] = []
  const reply = demoModel({ clock })
    .stream(hello)
    .result((event) => {
      if (event.type === 'text-delta') words.push(event.text)
    })
  await clock.advance(0)
  expect(words).toEqual(['I '])
  await clock.advance(50)
  expect(words).toEqual(['I ', 'am ', 'a '])
  await clock.advance(60_000)
  const { message, stopReason } = await reply
  expect(message.content).toEqual([{ type: 'text', text: words.join('') }])
  expect(message.origin).toEqual({ provider: 'scripted', api: 'scripted', model: 'demo' })
  expect(stopReason).toBe('stop')
  expect(clock.pending).toBe(0)
})

test('a signal that aborts ends the reply at once, whatever the clock says', async () => {
  const clock = fakeClock()
  const caller = new AbortController()
  const words: string[] = []
  const reply = demoModel({ clock })
    .stream(hello, { signal: caller.signal })
    .result((event) => words.push(event.type))
  await clock.advance(30)
  caller.abort(new Error('enough'))
  await expect(reply).rejects.toMatchObject({ code: 'aborted', cause: new Error('enough') })
  expect(words).toHaveLength(2)
  expect(clock.pending).toBe(0)
})

test('the same conversation has the same reply, from whichever model of this kind', async () => {
  const request = { messages: [userMessage('What time is it?')], tools: [tool('current_time')] }
  const replies = await Promise.all([0, 0].map((wordPauseMs) => demoModel({ wordPauseMs }).stream(request).result()))
  expect(replies[0]).toEqual(replies[1])
  expect(replies[0]?.message.content).toEqual([
    { type: 'text', text: 'I look at the clock.' },
    { type: 'tool-call', id: 'call_1_0', name: 'current_time', argumentsText: '{"timeZone":"UTC"}' },
  ])
})

test('calls of a conversation have ids of their own', async () => {
  const earlier: readonly Message[] = [
    userMessage('Hi'),
    { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
  ]
  const ask = (messages: readonly Message[]) =>
    demoModel({ wordPauseMs: 0 })
      .stream({
        messages: [...messages, userMessage('time in Oslo and Paris: what time is it?')],
        tools: [tool('current_time')],
      })
      .result()
  const ids = async (messages: readonly Message[]) =>
    (await ask(messages)).message.content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))
  expect([...(await ids([])), ...(await ids(earlier))]).toEqual(['call_1_0', 'call_1_1', 'call_3_0', 'call_3_1'])
})

test('what was done for an earlier question is not taken for the newest one', async () => {
  const messages: readonly Message[] = [
    userMessage('What time is it?'),
    { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'current_time', argumentsText: '{}' }] },
    {
      role: 'tool',
      content: [{ type: 'tool-result', callId: 'a', name: 'current_time', content: [], isError: false }],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'Noon.' }] },
    userMessage('And now, what time is it?'),
  ]
  const { stopReason } = await demoModel({ wordPauseMs: 0 })
    .stream({ messages, tools: [tool('current_time')] })
    .result()
  expect(stopReason).toBe('tool-calls')
})

test('usage is an estimate that grows with what was said, and pictures do not count by their bytes', async () => {
  const usageOf = async (messages: readonly Message[]) =>
    (
      await demoModel({ wordPauseMs: 0 })
        .stream({ system: 'x'.repeat(40), messages })
        .result()
    ).usage!
  const short = await usageOf([userMessage('x'.repeat(40))])
  expect(short).toMatchObject({ inputTokens: 20, isEstimated: true })
  expect(short.outputTokens).toBeGreaterThan(100)
  const source = { base64: 'A'.repeat(1_000_000) }
  const picture = await usageOf([{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', source }] }])
  expect(picture.inputTokens).toBe(1_610)
})

test.each([
  'Show me what you can do',
  'Remind me in 10 minutes to stretch',
  'Remember that I like tea',
  'Ask the researcher why leaves turn red',
])('a run of “%s” that dies at any moment and goes on elsewhere answers as one that did not', async (text) => {
  const { answersAfterCrashes, notes, schedule } = await demoHost()
  const answers = await answersAfterCrashes(text)
  expect(answers.length).toBeGreaterThan(3)
  expect(answers[0]).not.toBe('')
  expect(new Set(answers).size).toBe(1)
  expect(notes.list('web:ann').length).toBeLessThan(2)
  expect((await schedule.list()).jobs.length).toBeLessThan(2)
})
