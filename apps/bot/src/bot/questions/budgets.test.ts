import { textOf } from '@executus/core'
import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { inShort, testBot, type TestBotOptions, withDatabase } from '../test-bot.test-kit.ts'

const ann = { id: 'test:ann', name: 'Ann' }
const owner = { id: 'test:owner', name: 'Owner' }
const usage = { inputTokens: 900, outputTokens: 200 }
const one: ScriptTurn = { text: 'One.', usage }
const note: ScriptTurn = { calls: [{ name: 'save_note', input: { text: 'a' } }], usage }
const said: ScriptTurn = ({ messages }) => ({
  text: messages.map((message) => `${message.role[0]}:${message.role === 'tool' ? '' : textOf(message)}`).join(' '),
})

/** A person may take 1,000 tokens a day, which is one call of `usage`. */
const limited = (options: TestBotOptions) =>
  testBot({
    ...options,
    settings: { budget: { perPerson: [{ window: 'day', tokens: 1_000 }], extraTokens: 5_000 }, ...options.settings },
  })

test('a message that the budget refuses waits, those after it too, and a no ends it', async () => {
  const bot = await limited({ model: scriptedModel([one, said]) })
  await bot.say('First')
  await bot.answers(1)
  await bot.say('Second')
  const { questionId } = await bot.question()
  await bot.say('Third')
  expect(await bot.bot.decide(questionId, 'raise', ann)).toMatchObject({
    isTaken: false,
    message: 'Only an owner of the bot can raise a budget.',
  })
  expect(await bot.bot.decide(questionId, 'drop', ann)).toMatchObject({ isTaken: true, message: 'Left by Ann.' })
  const [, second] = await bot.answers(2)

  expect(second).toMatchObject({ outcome: 'failed', problem: 'The budget is used up.' })
  const next = await bot.question()
  expect(next.questionId).not.toBe(questionId)
  await bot.bot.decide(next.questionId, 'raise', owner)
  await bot.answers(3)
  expect(inShort(bot.entries()).at(-1)).toContain('u:Third')
  await bot.close({ graceMs: 0 })
})

test('a run whose budget is used up in its middle goes on after a yes with what it had, once', async () => {
  const bot = await limited({ model: scriptedModel([note, said]) })
  await bot.say('Remember a')
  const { questionId, title } = await bot.question()
  const [paused] = await bot.answers(1)
  expect(title).toBe('The budget is used up. Go on?')
  expect(paused).toMatchObject({ outcome: 'stopped', problem: 'Paused: the budget is used up.' })

  await Promise.all([bot.bot.decide(questionId, 'raise', owner), bot.bot.decide(questionId, 'raise', owner)])
  const [, answer] = await bot.answers(2)

  expect(answer?.text).toBe(
    'u:Remember a a: t: a:(No answer was given: Paused: the budget is used up.) u:The budget was raised. Go on where you stopped.',
  )
  await bot.close({ graceMs: 0 })
})

test('a yes after a restart has the message answered', async () => {
  const first = await limited({ model: scriptedModel([one]) })
  await first.say('First')
  await first.answers(1)
  await first.say('Second')
  const { questionId } = await first.question()
  await first.close({ graceMs: 0 })

  const second = await limited({ model: scriptedModel([said]), folder: first.folder })
  await second.bot.decide(questionId, 'raise', owner)
  const [, answer] = await second.answers(2)

  expect(answer?.text).toBe('u:First a:One. u:Second')
  await second.close({ graceMs: 0 })
})

test('a yes that was kept and not followed is followed at the next start', async () => {
  const first = await limited({ model: scriptedModel([one]) })
  await first.say('First')
  await first.answers(1)
  await first.say('Second')
  const { questionId } = await first.question()
  await Promise.all([first.bot.decide(questionId, 'raise', owner), first.close({ graceMs: 0 })])

  const second = await limited({ model: scriptedModel([said]), folder: first.folder })

  expect((await second.answers(2))[1]?.text).toBe('u:First a:One. u:Second')
  await second.close({ graceMs: 0 })
})

test('a question about a budget that nobody decides ends the run when the budget is anew', async () => {
  const clock = fakeClock()
  const budget = { perPerson: [{ window: 'hour', tokens: 1_000 }], extraTokens: 5_000 } as const
  const bot = await testBot({ model: scriptedModel([one]), clock, settings: { budget } })
  await bot.say('First')
  await bot.answers(1)
  await bot.say('Second')
  await bot.question()

  await clock.advance(60 * 60_000)
  const [, second] = await bot.answers(2)

  expect(second).toMatchObject({ outcome: 'failed', problem: 'The budget is used up.' })
  expect(inShort(bot.entries())).toContain('? Nobody decided in time')
  await bot.close({ graceMs: 0 })
})

test('a person is told once that most of the budget is used', async () => {
  const much = { text: 'Yes.', usage: { inputTokens: 8_500, outputTokens: 0 } }
  const little = { text: 'Yes.', usage: { inputTokens: 1, outputTokens: 0 } }
  const budget = { perPerson: [{ window: 'day', tokens: 10_000 }], extraTokens: 5_000 } as const
  const bot = await testBot({ model: scriptedModel([much, little]), settings: { budget } })
  await bot.say('First')
  await bot.answers(1)
  await bot.say('Second')
  await bot.answers(2)
  await bot.close({ graceMs: 0 })

  const again = await testBot({ model: scriptedModel([]), folder: bot.folder })
  const notices = again.entries().filter(({ kind }) => kind === 'notice')
  expect(inShort(notices)).toEqual([expect.stringMatching(/^! You have used 8,500 .*of 10,000 /)])
  await again.close({ graceMs: 0 })
})

test('stopping what waits for its budget closes the question, and nothing comes of it later', async () => {
  const bot = await limited({ model: scriptedModel([one]) })
  await bot.say('First')
  await bot.answers(1)
  const { conversationId } = await bot.say('Second')
  const { questionId } = await bot.question()
  await bot.bot.stop(conversationId, ann)
  await bot.answers(2)

  expect(await bot.bot.decide(questionId, 'raise', owner)).toMatchObject({
    isTaken: false,
    message: 'This is settled: No longer needed.',
  })
  expect(bot.bot.snapshot(conversationId)?.live).toEqual([])
  await bot.close({ graceMs: 0 })
})

test('of a conversation one run is under way, though two budgets questions get a yes at once', async () => {
  let atOnce = 0
  let most = 0
  const counted: ScriptTurn = { text: 'Done.', delayMs: 1 }
  const clock = fakeClock()
  const model = scriptedModel([note, counted, counted], { clock })
  const bot = await limited({ model })
  await bot.say('Remember a')
  const first = await bot.question()
  await bot.answers(1)
  const { conversationId } = await bot.say('And another thing')
  await vi.waitFor(() => expect(inShort(bot.entries()).filter((line) => line === '? open')).toHaveLength(2))
  const second = bot.entries().findLast((entry) => entry.kind === 'question')!
  bot.bot.watch(conversationId, () => {
    atOnce = bot.bot.snapshot(conversationId)!.live.length
    most = Math.max(most, atOnce)
  })

  await bot.bot.decide(first.questionId, 'raise', owner)
  await bot.bot.decide(second.questionId, 'raise', owner)
  await vi.waitFor(async () => {
    await clock.advance(1)
    expect(inShort(bot.entries()).filter((line) => line === '= Done.')).toHaveLength(2)
  })

  expect(most).toBe(1)
  await bot.close({ graceMs: 0 })
})

test('a run that was paused before its answer was told asks after the next start', async () => {
  const first = await limited({ model: scriptedModel([note]) })
  await first.say('Remember a')
  await first.question()
  await first.close({ graceMs: 0 })
  withDatabase(first.folder, (db) => {
    db.exec(`DELETE FROM entries WHERE kind <> 'said'`)
    db.exec(`UPDATE entries SET state = 'taken'; UPDATE runs SET state = 'open'`)
  })

  const second = await limited({ model: scriptedModel([said]), folder: first.folder })
  const { questionId } = await second.question()
  await second.bot.decide(questionId, 'raise', owner)
  const [, answer] = await second.answers(2)

  expect(answer?.text).toContain('The budget was raised. Go on where you stopped.')
  await second.close({ graceMs: 0 })
})

test('a run that goes on after a crash with nothing left asks once, and goes on after a yes', async () => {
  const model = scriptedModel([{ ...(note as object), usage: { inputTokens: 10, outputTokens: 1 } }, { stalls: true }])
  const first = await limited({ model })
  await first.say('Remember a')
  await vi.waitFor(() => expect(model.requests).toHaveLength(2))
  await first.close({ graceMs: 0 })
  const budget = { perPerson: [{ window: 'day', tokens: 5 }], extraTokens: 5_000 } as const

  const second = await limited({ model: scriptedModel([said]), folder: first.folder, settings: { budget } })
  const { questionId } = await second.question()
  await second.close({ graceMs: 0 })
  const third = await limited({ model: scriptedModel([said]), folder: first.folder, settings: { budget } })
  await third.say('Are you there?')
  expect(inShort(third.entries())).toEqual(['ann: Remember a (taken)', '? open', 'ann: Are you there? (waiting)'])
  await third.bot.decide(questionId, 'raise', owner)

  expect((await third.answers(1))[0]?.text).toBe('u:Remember a a: t:')
  await third.close({ graceMs: 0 })
})

test('a run that is stopped while its budget is raised stays stopped, and what follows is answered', async () => {
  const bot = await limited({ model: scriptedModel([one, said]) })
  await bot.say('First')
  await bot.answers(1)
  const { conversationId } = await bot.say('Second')
  const { questionId } = await bot.question()

  await Promise.all([bot.bot.decide(questionId, 'raise', owner), bot.bot.stop(conversationId, ann)])
  await bot.say('Third')
  const [, second, third] = await bot.answers(3)
  await bot.close({ graceMs: 0 })

  expect(second).toMatchObject({ outcome: 'stopped' })
  expect(third?.text).toMatch(/u:Third$/)
  expect(withDatabase(bot.folder, (db) => db.prepare(`SELECT id FROM runs WHERE state <> 'ended'`).all())).toEqual([])
})
