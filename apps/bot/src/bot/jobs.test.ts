import { textOf } from '@executus/core'
import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { inShort, testBot, type TestBot, withDatabase } from './test-bot.test-kit.ts'

const ann = { id: 'test:ann', name: 'Ann' }
const HOUR_MS = 60 * 60_000
/** `everyMinutes` counts from when it is made. */
const plan = (task: string): ScriptTurn => ({
  calls: [{ name: 'create_schedule', input: { task, name: 'Ferns', everyMinutes: 60 } }],
})
const scheduled: ScriptTurn = { text: 'It is scheduled.' }
const asked: ScriptTurn = ({ messages }) => ({ text: `Asked: ${messages.map(textOf).join(' | ')}` })

async function makeJob(bot: TestBot, by = 'ann', place = 'room'): Promise<void> {
  await bot.say('Every hour, water the ferns', { by, place })
  const { questionId } = await bot.question(place)
  await bot.bot.decide(questionId, 'approve', { id: `test:${by}`, name: by })
  await bot.answers(1, place)
}

test('what a person has scheduled is done in the same conversation, and asks the same each time', async () => {
  const clock = fakeClock()
  const model = scriptedModel([plan('Water the ferns'), scheduled, asked, asked])
  const bot = await testBot({ model, clock })
  await makeJob(bot)

  await clock.advance(HOUR_MS)
  await bot.answers(2)
  await clock.advance(HOUR_MS)
  const [, first, second] = await bot.answers(3)

  for (const answer of [first, second])
    expect(answer).toMatchObject({ text: 'Asked: Water the ferns', outcome: 'ok', agent: 'assistant', job: 'Ferns' })
  expect(await bot.command('/schedules')).toContain('**Ferns**: Water the ferns')
  await bot.close({ graceMs: 0 })
})

test('what a job says is known to who talks about it afterwards', async () => {
  const clock = fakeClock()
  const model = scriptedModel([plan('Water the ferns'), scheduled, { text: 'Watered.' }, asked])
  const bot = await testBot({ model, clock })
  await makeJob(bot)
  await clock.advance(HOUR_MS)
  await bot.answers(2)
  await bot.say('Well done')

  expect((await bot.answers(3))[2]?.text).toContain('Water the ferns | Watered. | Well done')
  await bot.close({ graceMs: 0 })
})

test('a job is counted on the person who made it', async () => {
  const clock = fakeClock()
  const usage = { inputTokens: 900, outputTokens: 200 }
  const model = scriptedModel([plan('Water the ferns'), scheduled, { text: 'Watered.', usage }])
  const budget = { perPerson: [{ window: 'day', tokens: 10_000 }], extraTokens: 1 } as const
  const bot = await testBot({ model, clock, settings: { budget } })
  await makeJob(bot)
  await clock.advance(HOUR_MS)
  await bot.answers(2)
  await vi.waitFor(async () => expect(await bot.command('/usage')).toContain('1,100 tokens used'))

  expect(await bot.command('/usage', { by: 'bob' })).toContain(' 0 tokens used')
  expect(await bot.command('/runs')).toMatch(/^(- .*\n .*\n){2}/)
  await bot.close({ graceMs: 0 })
})

test('a job whose budget is used up asks, and is done after a yes', async () => {
  const clock = fakeClock()
  const usage = { inputTokens: 10_000, outputTokens: 0 }
  const model = scriptedModel([plan('Water the ferns'), { ...(scheduled as object), usage }, asked])
  const budget = { perPerson: [{ window: 'day', tokens: 10_000 }], extraTokens: 5_000 } as const
  const bot = await testBot({ model, clock, settings: { budget } })
  await makeJob(bot)
  await clock.advance(HOUR_MS)
  const { questionId, topic } = await bot.question()
  expect(topic).toBe('budget')
  await bot.bot.decide(questionId, 'raise', { id: 'test:owner', name: 'Owner' })

  expect((await bot.answers(2))[1]).toMatchObject({ text: 'Asked: Water the ferns', job: 'Ferns' })
  await bot.close({ graceMs: 0 })
})

test('a job that was interrupted goes on after the next start, and is shown as one', async () => {
  const clock = fakeClock()
  const model = scriptedModel([plan('Water the ferns'), scheduled, { stalls: true }])
  const first = await testBot({ model, clock })
  await makeJob(first)
  await clock.advance(HOUR_MS)
  await vi.waitFor(() => expect(model.requests).toHaveLength(3))
  await first.close({ graceMs: 0 })

  const second = await testBot({ model: scriptedModel([asked]), folder: first.folder, clock })
  expect((await second.answers(2))[1]).toMatchObject({ text: 'Asked: Water the ferns', job: 'Ferns' })
  await second.close({ graceMs: 0 })
})

test('a job that was kept and not begun is begun at the next start, once', async () => {
  const clock = fakeClock()
  const first = await testBot({ model: scriptedModel([plan('Water the ferns'), scheduled]), clock })
  await makeJob(first)
  await first.close({ graceMs: 0 })
  withDatabase(first.folder, (db) =>
    db.exec(
      `INSERT INTO runs SELECT 'job-1@1', conversation_id, 'job', caller, agent, 'Water the ferns', 'Ferns', 'open', 1, NULL FROM runs`,
    ),
  )

  const second = await testBot({ model: scriptedModel([asked]), folder: first.folder, clock })
  expect((await second.answers(2))[1]).toMatchObject({ text: 'Asked: Water the ferns', job: 'Ferns' })
  await second.close({ graceMs: 0 })
  const third = await testBot({ model: scriptedModel([]), folder: first.folder, clock })
  expect(inShort(third.entries()).filter((line) => line.startsWith('= Asked'))).toHaveLength(1)
  await third.close({ graceMs: 0 })
})

test('what is due while the bot is away is done once when it is back', async () => {
  const clock = fakeClock()
  const first = await testBot({ model: scriptedModel([plan('Water the ferns'), scheduled]), clock })
  await makeJob(first)
  await first.close({ graceMs: 0 })
  await clock.advance(5 * HOUR_MS)

  const second = await testBot({ model: scriptedModel([asked]), folder: first.folder, clock })
  expect((await second.answers(2))[1]).toMatchObject({ text: 'Asked: Water the ferns' })
  await second.close({ graceMs: 0 })
})

test('a job of a conversation that is gone fails plainly, and the bot goes on', async () => {
  const clock = fakeClock()
  const first = await testBot({ model: scriptedModel([plan('Water the ferns'), scheduled]), clock })
  await makeJob(first)
  await first.close({ graceMs: 0 })
  withDatabase(first.folder, (db) => db.exec('DELETE FROM conversations'))

  const model = scriptedModel([{ text: 'Hi.' }])
  const second = await testBot({ model, folder: first.folder, clock })
  await clock.advance(HOUR_MS)
  await vi.waitFor(async () => expect(await second.command('/schedules')).toContain('last: '))
  await second.say('Hello')

  expect((await second.answers(1))[0]?.text).toBe('Hi.')
  await second.close({ graceMs: 0 })
})

test('a job and a run of people do not wait for each other', async () => {
  const clock = fakeClock()
  const model = scriptedModel([plan('Water the ferns'), scheduled, { stalls: true }, { text: 'Hi.' }])
  const bot = await testBot({ model, clock })
  await makeJob(bot)
  await clock.advance(HOUR_MS)
  await vi.waitFor(() => expect(model.requests).toHaveLength(3))
  const { conversationId } = await bot.say('Hello')
  expect((await bot.answers(2))[1]?.text).toBe('Hi.')
  await bot.bot.stop(conversationId, ann)

  expect((await bot.answers(3))[2]).toMatchObject({ outcome: 'stopped', job: 'Ferns' })
  await bot.close({ graceMs: 0 })
})
