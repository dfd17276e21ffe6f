import { textOf } from '@executus/core'
import { scriptedModel } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { testBot } from './test-bot.test-kit.ts'

test('a message is answered, and the next one knows of it', async () => {
  const model = scriptedModel([
    { text: 'Good morning, Ann.' },
    ({ messages }) => ({ text: `You said: ${messages.map(textOf).join(' | ')}` }),
  ])
  const { say, answers, close } = await testBot({ model })

  await say('Good morning')
  await answers(1)
  await say('What did I say?')
  const [first, second] = await answers(2)

  expect(first).toMatchObject({ outcome: 'ok', text: 'Good morning, Ann.', agent: 'assistant' })
  expect(second?.text).toBe('You said: Good morning | Good morning, Ann. | What did I say?')
  await close({ graceMs: 0 })
})

test('a message that comes twice is taken once', async () => {
  const model = scriptedModel([{ text: 'One.' }])
  const { say, answers, entries, close } = await testBot({ model })

  await Promise.all([say('Hello', { messageId: 'm1' }), say('Hello', { messageId: 'm1' })])
  await answers(1)
  await say('Hello', { messageId: 'm1' })

  expect(entries().map(({ kind }) => kind)).toEqual(['said', 'answer'])
  await close({ graceMs: 0 })
})

test('a call that needs a yes waits for it, and the run goes on with it', async () => {
  const model = scriptedModel([
    { calls: [{ name: 'save_note', input: { text: 'likes ferns' } }] },
    { calls: [{ name: 'delete_note', input: { id: 1, text: 'likes ferns' } }] },
    ({ messages }) => ({
      text: `Done: ${textOf({ role: 'user', content: messages.at(-1)!.content.flatMap((part) => (part.type === 'tool-result' ? part.content : [])) })}`,
    }),
  ])
  const { bot, say, question, answers, entries, close } = await testBot({ model })

  await say('Remember that I like ferns, then forget it')
  const asked = await question()
  expect(asked).toMatchObject({ topic: 'approval', title: 'May assistant use delete_note?' })
  const stranger = await bot.decide(asked.questionId, 'approve', { id: 'test:eve', name: 'Eve' })
  expect(stranger).toMatchObject({
    isTaken: false,
    message: 'Only the one who asked, or an owner of the bot, can decide this.',
  })
  const decided = await bot.decide(asked.questionId, 'approve', { id: 'test:ann', name: 'Ann' })
  const again = await bot.decide(asked.questionId, 'decline', { id: 'test:owner', name: 'Owner' })
  const [answer] = await answers(1)

  expect(decided).toMatchObject({ isTaken: true, message: 'Approved by Ann.' })
  expect(again).toMatchObject({ isTaken: false, message: 'This is settled: Approved by Ann.' })
  expect(answer).toMatchObject({
    outcome: 'ok',
    trail: [
      { tool: 'save_note', state: 'done' },
      { tool: 'delete_note', state: 'done' },
    ],
  })
  expect(entries().map(({ kind }) => kind)).toEqual(['said', 'question', 'answer'])
  await close({ graceMs: 0 })
})

test('a used up budget asks an owner, and a yes has the message answered', async () => {
  const usage = { inputTokens: 900, outputTokens: 200 }
  const model = scriptedModel([
    { text: 'One.', usage },
    { text: 'Two.', usage },
  ])
  const budget = { perPerson: [{ window: 'day', tokens: 1_000 }], extraTokens: 5_000 } as const
  const { bot, say, question, answers, close } = await testBot({ model, settings: { budget } })

  await say('First')
  await answers(1)
  await say('Second')
  const asked = await question()
  const own = await bot.decide(asked.questionId, 'raise', { id: 'test:ann', name: 'Ann' })
  expect(own).toMatchObject({ isTaken: false, message: 'Only an owner of the bot can raise a budget.' })
  await bot.decide(asked.questionId, 'raise', { id: 'test:owner', name: 'Owner' })
  const [, second] = await answers(2)

  expect(second).toMatchObject({ outcome: 'ok', text: 'Two.' })
  await close({ graceMs: 0 })
})
