import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import type { Entry } from '../../view/entry.ts'
import { inShort, testBot, type TestBot, withDatabase } from '../test-bot.test-kit.ts'

const ann = { id: 'test:ann', name: 'Ann' }
const eve = { id: 'test:eve', name: 'Eve' }
const note: ScriptTurn = {
  calls: [
    { name: 'save_note', input: { text: 'a' } },
    { name: 'save_note', input: { text: 'b' } },
  ],
}
const forget = (...ids: number[]): ScriptTurn => ({
  calls: ids.map((id) => ({ name: 'delete_note', input: { id, text: id === 1 ? 'a' : 'b' } })),
})
const notesIn = (folder: string) => withDatabase(folder, (db) => db.prepare('SELECT text FROM notes').pluck().all())
const questionsOf = (entries: readonly Entry[]) => entries.filter((entry) => entry.kind === 'question')
const results: ScriptTurn = ({ messages }) => ({ text: JSON.stringify(messages.at(-1)?.content) })

/** Waits until a person is asked so many things. */
async function asked({ entries }: TestBot, count: number) {
  await vi.waitFor(() => expect(questionsOf(entries())).toHaveLength(count))
  return questionsOf(entries())
}

test('a question that nobody decides in time counts as declined, and the run goes on', async () => {
  const clock = fakeClock()
  const settings = { approvals: { ttlMinutes: 30, askFor: [] } }
  const bot = await testBot({ model: scriptedModel([forget(1), results]), clock, settings })
  await bot.say('Delete it')
  const [question] = await asked(bot, 1)

  await clock.advance(29 * 60_000)
  expect(questionsOf(bot.entries())[0]?.outcome).toBeUndefined()
  await clock.advance(60_000)
  const [answer] = await bot.answers(1)

  expect(questionsOf(bot.entries())[0]?.outcome).toBe('Nobody decided in time')
  expect(answer?.text).toContain('it was declined: nobody answered in time.')
  expect(await bot.bot.decide(question!.questionId, 'approve', ann)).toMatchObject({
    isTaken: false,
    message: 'This is settled: Nobody decided in time.',
  })
  await bot.close({ graceMs: 0 })
})

test('a question that expired while the bot was away is declined when it is back', async () => {
  const clock = fakeClock()
  const first = await testBot({ model: scriptedModel([note, forget(1)]), clock })
  await first.say('Delete it')
  await asked(first, 1)
  await first.close({ graceMs: 0 })
  await clock.advance(31 * 60_000)

  const second = await testBot({ model: scriptedModel([results]), folder: first.folder, clock })
  await second.answers(1)
  await second.close({ graceMs: 0 })

  expect(notesIn(first.folder)).toEqual(['a', 'b'])
})

test('two calls of one step are decided one by one, in any order, also with a restart in between', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const)
    for (const isRestarted of [false, true]) {
      const model = scriptedModel([note, forget(1, 2), { text: 'Done.' }])
      let bot = await testBot({ model })
      await bot.say('Forget both')
      const questions = await asked(bot, 2)
      const [first, second] = order.map((index) => questions[index]!.questionId)

      expect(await bot.bot.decide(first!, 'approve', ann)).toMatchObject({ isTaken: true })
      if (isRestarted) {
        await bot.close({ graceMs: 0 })
        bot = await testBot({ model, folder: bot.folder })
      }
      expect(await bot.bot.decide(second!, 'decline', ann)).toMatchObject({ isTaken: true })
      await bot.answers(1)
      await bot.close({ graceMs: 0 })

      expect([order, isRestarted, notesIn(bot.folder)]).toEqual([order, isRestarted, [order[0] === 0 ? 'b' : 'a']])
    }
})

test('of two decisions at once one counts', async () => {
  const model = scriptedModel([note, forget(1), { text: 'Done.' }])
  const bot = await testBot({ model })
  await bot.say('Forget it')
  const { questionId } = await bot.question()

  const both = await Promise.all([
    bot.bot.decide(questionId, 'approve', ann),
    bot.bot.decide(questionId, 'decline', { id: 'test:owner', name: 'Owner' }),
  ])
  await bot.answers(1)

  expect(both.map(({ isTaken, message }) => [isTaken, message])).toEqual([
    [true, 'Approved by Ann.'],
    [false, 'This is settled: Approved by Ann.'],
  ])
  await bot.close({ graceMs: 0 })
  expect(notesIn(bot.folder)).toEqual(['b'])
})

test('what no question offers and whom it does not ask is refused', async () => {
  const bot = await testBot({ model: scriptedModel([forget(1)]) })
  await bot.say('Forget it')
  const { questionId } = await bot.question()

  const refusals = [
    await bot.bot.decide('0000', 'approve', ann),
    await bot.bot.decide(questionId, 'raise', ann),
    await bot.bot.decide(questionId, 'decline', eve),
    await bot.bot.decide(questionId, 'approve', { id: 'discord:owner', name: 'Owner' }),
  ]

  expect(refusals.map(({ isTaken, message }) => [isTaken, message])).toEqual([
    [false, 'There is no such question (any more).'],
    [false, 'That is not one of the answers.'],
    [false, 'Only the one who asked, or an owner of the bot, can decide this.'],
    [false, 'Only the one who asked, or an owner of the bot, can decide this.'],
  ])
  await bot.close({ graceMs: 0 })
})

test('what a delegated run asks is asked in the conversation, and its yes is heard after a restart', async () => {
  const settings = { approvals: { ttlMinutes: 30, askFor: ['think'] } }
  const delegate: ScriptTurn = { calls: [{ name: 'agent__researcher', input: { task: 'Look into ferns' } }] }
  const think: ScriptTurn = { calls: [{ name: 'think', input: { thought: 'Hm.' } }] }
  const first = await testBot({ model: scriptedModel([delegate, think]), settings })
  await first.say('Have ferns looked into')
  const { questionId, title } = await first.question()
  expect(title).toBe('May assistant › researcher use think?')
  await first.close({ graceMs: 0 })

  const model = scriptedModel([{ text: 'Ferns are green.' }, results])
  const second = await testBot({ model, folder: first.folder, settings })
  expect(await second.bot.decide(questionId, 'approve', eve)).toMatchObject({ isTaken: false })
  expect(await second.bot.decide(questionId, 'approve', ann)).toMatchObject({ isTaken: true })
  const [answer] = await second.answers(1)

  expect(answer?.text).toContain('Ferns are green.')
  await second.close({ graceMs: 0 })
})

test('stopping what waits for a yes closes its question', async () => {
  const bot = await testBot({ model: scriptedModel([note, forget(1), { text: 'After it.' }]) })
  const { conversationId } = await bot.say('Forget it')
  const { questionId } = await bot.question()

  expect(await bot.bot.stop(conversationId, ann)).toBe(true)
  expect(await bot.bot.decide(questionId, 'approve', ann)).toMatchObject({
    isTaken: false,
    message: 'This is settled: No longer needed.',
  })
  await bot.say('And now?')
  await bot.answers(2)

  expect(inShort(bot.entries())).toEqual([
    'ann: Forget it (answered)',
    '? No longer needed',
    'stopped',
    'ann: And now? (answered)',
    '= After it.',
  ])
  await bot.close({ graceMs: 0 })
  expect(notesIn(bot.folder)).toEqual(['a', 'b'])
})

test('a decision that was kept and not told to its run is told at the next start', async () => {
  const first = await testBot({ model: scriptedModel([note, forget(1)]) })
  await first.say('Forget it')
  const { questionId } = await first.question()
  await first.close({ graceMs: 0 })
  withDatabase(first.folder, (db) => {
    const decision = JSON.stringify({ choice: 'approve', by: 'test:ann' })
    db.prepare(`UPDATE questions SET state = 'decided', data = ? WHERE id = ?`).run(decision, questionId)
  })

  const second = await testBot({ model: scriptedModel([{ text: 'Done.' }]), folder: first.folder })
  await second.answers(1)
  await second.close({ graceMs: 0 })

  expect(notesIn(first.folder)).toEqual(['b'])
})

test('a decision that cannot be followed does not keep the bot from its start', async () => {
  const first = await testBot({ model: scriptedModel([forget(1)]) })
  await first.say('Forget it')
  const { questionId } = await first.question()
  await first.close({ graceMs: 0 })
  withDatabase(first.folder, (db) =>
    db.prepare(`UPDATE questions SET state = 'decided', request_id = NULL WHERE id = ?`).run(questionId),
  )

  const second = await testBot({ model: scriptedModel([{ text: 'Hi.' }]), folder: first.folder })
  await second.say('Hello', { place: 'elsewhere' })

  expect((await second.answers(1, 'elsewhere'))[0]?.text).toBe('Hi.')
  expect(second.lines.map(({ message }) => message)).toContain(`what follows from question ${questionId} failed`)
  await second.close({ graceMs: 0 })
})
