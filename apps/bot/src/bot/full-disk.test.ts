import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'

import { inShort, sendingChannel, testBot, type TestBot } from './test-bot.test-kit.ts'

const ann = { id: 'test:ann', name: 'Ann' }
const note: ScriptTurn = { calls: [{ name: 'save_note', input: { text: 'a' } }] }
const forget: ScriptTurn = { calls: [{ name: 'delete_note', input: { id: 1, text: 'a' } }] }

/** Has one of the bot's files take nothing more of a kind, as a full disk does. Gives what makes room again. */
function fill({ folder }: TestBot, file: string, what: string): () => void {
  const change = (sql: string) => {
    const db = new Database(`${folder}/${file}`)
    db.exec(sql)
    db.close()
  }
  change(`CREATE TRIGGER full BEFORE ${what} BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`)
  return () => change('DROP TRIGGER full')
}

/** Waits until something could not be kept. */
const failed = (bot: TestBot, what: string) =>
  vi.waitFor(() => expect(bot.lines.map(({ message }) => message).join('\n')).toContain(what))

test('an answer that a full disk did not take is kept when there is room again, and what waits is answered', async () => {
  const clock = fakeClock()
  const model = scriptedModel([{ text: 'Hi.' }, { text: 'Yes.' }])
  const bot = await testBot({ model, clock })
  const makeRoom = fill(bot, 'bot.db', `INSERT ON entries WHEN NEW.kind = 'answer'`)
  await bot.say('Hello')
  await failed(bot, 'the end of run')
  await bot.say('Still there?')
  makeRoom()
  await clock.advance(1_000)
  await bot.answers(2)

  expect(inShort(bot.entries())).toEqual(['ann: Hello (answered)', 'ann: Still there? (answered)', '= Hi.', '= Yes.'])
  expect(model.requests).toHaveLength(2)
  await bot.close({ graceMs: 0 })
})

test('a message whose run a full disk did not take is acknowledged, and answered when there is room again', async () => {
  const clock = fakeClock()
  const bot = await testBot({ model: scriptedModel([{ text: 'Hi.' }]), clock })
  const makeRoom = fill(bot, 'bot.db', 'INSERT ON runs')
  await bot.say('Hello')
  await failed(bot, 'what waits in conversation')
  makeRoom()
  await clock.advance(1_000)
  await bot.answers(1)

  expect(inShort(bot.entries())).toEqual(['ann: Hello (answered)', '= Hi.'])
  await bot.close({ graceMs: 0 })
})

test('a bot whose disk is full closes, and answers after the next start, once', async () => {
  const first = await testBot({ model: scriptedModel([note, { text: 'Noted.' }]), clock: fakeClock() })
  const makeRoom = fill(first, 'bot.db', `INSERT ON entries WHEN NEW.kind = 'answer'`)
  await first.say('Hello')
  await failed(first, 'the end of run')
  await first.close({ graceMs: 0 })
  makeRoom()

  const second = await testBot({ model: scriptedModel([]), folder: first.folder })
  await second.answers(1)
  expect(inShort(second.entries())).toEqual(['ann: Hello (answered)', '= Noted.'])
  await second.close({ graceMs: 0 })
})

test('a part that could not be marked as being sent goes out when there is room again, once', async () => {
  const clock = fakeClock()
  const channel = sendingChannel()
  const bot = await testBot({ model: scriptedModel([{ text: 'a\n---\nb' }]), channel, clock })
  const makeRoom = fill(bot, 'bot.db', 'UPDATE ON parts')
  await bot.say('Hello')
  await failed(bot, 'something could not be sent')
  expect(channel.sent).toEqual([])
  makeRoom()
  await clock.advance(2_000)
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toEqual(['a', 'b']))

  await bot.close({ graceMs: 0 })
})

test('a part whose sending could not be noted is not sent again', async () => {
  const clock = fakeClock()
  const channel = sendingChannel()
  const bot = await testBot({ model: scriptedModel([{ text: 'a\n---\nb' }]), channel, clock })
  const makeRoom = fill(bot, 'bot.db', `UPDATE ON parts WHEN NEW.state <> 'sending'`)
  await bot.say('Hello')
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toContain('a'))
  await failed(bot, 'something could not be sent')
  makeRoom()
  await clock.advance(60_000)
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toEqual(['a', 'b']))
  await bot.close({ graceMs: 0 })

  const again = sendingChannel()
  const second = await testBot({ model: scriptedModel([]), channel: again, folder: bot.folder })
  expect((await second.answers(1))[0]).toMatchObject({ delivery: 'unknown' })
  expect(again.sent).toEqual([])
  await second.close({ graceMs: 0 })
})

test('a decision that its run could not be told is told when there is room again, once', async () => {
  const clock = fakeClock()
  const bot = await testBot({ model: scriptedModel([note, forget, { text: 'Done.' }]), clock })
  await bot.say('Forget it')
  const { questionId } = await bot.question()
  const makeRoom = fill(bot, 'executus.db', 'INSERT ON signals')
  expect(await bot.bot.decide(questionId, 'approve', ann)).toMatchObject({ isTaken: true })
  await failed(bot, 'what follows from question')
  makeRoom()
  await clock.advance(30_000)
  await bot.answers(1)

  expect(inShort(bot.entries())).toEqual(['ann: Forget it (answered)', '? Approved by Ann', '= Done.'])
  await bot.close({ graceMs: 0 })
})
