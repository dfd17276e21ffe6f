import { textOf } from '@executus/core'
import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { inShort, testBot } from './test-bot.test-kit.ts'

/** A model whose replies with `delayMs` wait until its clock is moved. */
function slowModel(turns: readonly ScriptTurn[]) {
  const clock = fakeClock()
  const model = scriptedModel(turns, { clock })
  return {
    model,
    /** Waits until so many requests came, and the last one waits. */
    asked: (count: number) => vi.waitFor(() => expect([model.requests.length, clock.pending]).toEqual([count, 1])),
    answer: () => clock.advance(1),
  }
}

const heard: ScriptTurn = ({ messages }) => ({
  text: `Heard: ${messages
    .filter(({ role }) => role === 'user')
    .map(textOf)
    .join(' | ')}`,
})

test('what a person says while a run is under way is told to it, and is answered by it', async () => {
  const { model, asked, answer } = slowModel([{ text: 'One moment.', delayMs: 1 }, heard])
  const { say, answers, entries, close } = await testBot({ model })

  await say('First')
  await asked(1)
  await say('Second')
  await say('Third')
  await answer()
  await answers(1)

  expect(inShort(entries())).toEqual([
    'ann: First (answered)',
    'ann: Second (answered)',
    'ann: Third (answered)',
    '= Heard: First | Second | Third',
  ])
  await close({ graceMs: 0 })
})

test('what another person says waits, and is answered by a run of its own for that person', async () => {
  const { model, asked, answer } = slowModel([{ text: 'For Ann.', delayMs: 1 }, { text: 'For Bob.' }])
  const { bot, say, answers, entries, close } = await testBot({ model })

  await say('I am Ann', { by: 'ann' })
  await asked(1)
  await say('I am Bob', { by: 'bob' })
  await say('Ann again', { by: 'ann' })
  expect(inShort(entries())).toEqual(['ann: I am Ann (taken)', 'bob: I am Bob (waiting)', 'ann: Ann again (waiting)'])
  expect(bot.snapshot(entries()[0]!.conversationId)?.live).toHaveLength(1)
  await answer()
  await answers(2)

  const runs = await bot.command('/runs', {
    person: { id: 'test:bob', name: 'bob' },
    at: { channel: 'test', place: 'room' },
  })
  expect(runs.match(/^- /gm)).toHaveLength(1)
  await close({ graceMs: 0 })
})

test('two people who say the same at once are both answered', async () => {
  const { model, asked, answer } = slowModel([{ text: 'Good.', delayMs: 1 }, { text: 'Good for you, too.' }])
  const { say, answers, entries, close } = await testBot({ model })

  await say('Yes', { by: 'ann' })
  await asked(1)
  await say('Yes', { by: 'bob' })
  await answer()
  await answers(2)

  expect(inShort(entries())).toEqual(['ann: Yes (answered)', 'bob: Yes (answered)', '= Good.', '= Good for you, too.'])
  await close({ graceMs: 0 })
})

test('what a run did not see as it was stopped is answered by the next one, once', async () => {
  const { model, asked } = slowModel([{ text: 'Never said.', delayMs: 1 }, heard])
  const { bot, say, answers, entries, close } = await testBot({ model })

  await say('Go on')
  await asked(1)
  await say('Go on')
  expect(await bot.stop(entries()[0]!.conversationId, { id: 'test:ann', name: 'ann' })).toBe(true)
  await answers(2)

  expect(inShort(entries())).toEqual([
    'ann: Go on (answered)',
    'ann: Go on (answered)',
    'stopped',
    '= Heard: Go on | Go on',
  ])
  expect(model.requests).toHaveLength(2)
  await close({ graceMs: 0 })
})

test('what is said while a run waits for a yes is answered after it', async () => {
  const { model } = slowModel([
    { calls: [{ name: 'delete_note', input: { id: 7, text: 'x' } }] },
    { text: 'It is not there.' },
    heard,
  ])
  const { bot, say, question, answers, entries, close } = await testBot({ model })

  await say('Delete note 7')
  const { questionId } = await question()
  await say('Are you there?')
  await say('Me too', { by: 'bob' })
  expect(inShort(entries()).slice(2)).toEqual(['ann: Are you there? (waiting)', 'bob: Me too (waiting)'])
  await bot.decide(questionId, 'decline', { id: 'test:ann', name: 'ann' })
  const [first, second] = await answers(2)

  expect([first?.text, second?.text]).toEqual(['It is not there.', 'Heard: Delete note 7 | Are you there?'])
  await close({ graceMs: 0 })
})

test('in a place of several people a model reads who speaks', async () => {
  const { model } = slowModel([heard])
  const { say, answers, close } = await testBot({ model })

  await say('Hello', { guild: 'club', by: 'ann\nowner' })
  const [answer] = await answers(1)

  expect(answer?.text).toBe('Heard: ann owner: Hello')
  await close({ graceMs: 0 })
})

test('a stop before the run has begun ends it, and nothing of it goes on', async () => {
  const model = scriptedModel([{ text: 'Never said.' }, { text: 'Never said.' }])
  const { bot, say, entries, answers, close } = await testBot({ model })

  const said = await say('Hello')
  await bot.stop(said.conversationId, { id: 'test:ann', name: 'ann' })
  await answers(1)

  expect(inShort(entries())).toEqual(['ann: Hello (answered)', 'stopped'])
  expect(bot.snapshot(said.conversationId)?.live).toEqual([])
  expect(model.requests).toHaveLength(0)
  await close({ graceMs: 0 })
})

test('of a place of several people everybody stops their own runs, and an owner all', async () => {
  const model = scriptedModel([{ stalls: true }, { stalls: true }])
  const { bot, say, command, answers, entries, close } = await testBot({ model })

  const { conversationId } = await say('Hello', { by: 'ann' })
  await vi.waitFor(() => expect(model.requests).toHaveLength(1))
  expect(await bot.stop(conversationId, { id: 'test:bob', name: 'bob' })).toBe(false)
  expect(await command('/stop', { by: 'bob' })).toBe(
    'Only the one who asked for it, or an owner of the bot, can stop it.',
  )
  expect(bot.snapshot(conversationId)?.live).toHaveLength(1)
  expect(await command('/stop', { by: 'ann' })).toBe('Stopped.')
  expect(await command('/stop', { by: 'ann' })).toBe('Nothing is under way.')
  await say('Hello again', { by: 'ann' })
  expect(await command('/stop', { by: 'owner' })).toBe('Stopped.')
  await answers(2)

  expect(inShort(entries()).filter((line) => line === 'stopped')).toHaveLength(2)
  await close({ graceMs: 0 })
})

test('a stop at any moment of a run\u2019s beginning leaves nothing under way', async () => {
  const model = scriptedModel(Array.from({ length: 60 }, (): ScriptTurn => ({ stalls: true })))
  const { bot, say, entries, close } = await testBot({ model })

  for (let turns = 0; turns < 60; turns += 1) {
    const place = `place ${turns}`
    const { conversationId } = await say('Hello', { place })
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    await bot.stop(conversationId, { id: 'test:ann', name: 'ann' })
    expect([place, inShort(entries(place)), bot.snapshot(conversationId)?.live]).toEqual([
      place,
      ['ann: Hello (answered)', 'stopped'],
      [],
    ])
  }
  await close({ graceMs: 0 })
})

test('who says the same again after a run has heard it is answered again', async () => {
  const { model, asked, answer } = slowModel([{ text: 'One moment.', delayMs: 1 }, { text: 'x', delayMs: 1 }, heard])
  const { bot, say, answers, entries, close } = await testBot({ model })
  await say('Water the ferns')
  await asked(1)
  await say('Go on')
  await answer()
  await asked(2)
  const { conversationId } = await say('Go on')
  await bot.stop(conversationId, { id: 'test:ann', name: 'ann' })
  await answers(2)

  expect(inShort(entries()).slice(3)).toEqual(['stopped One moment.', '= Heard: Water the ferns | Go on | Go on'])
  await close({ graceMs: 0 })
})

test('conversations of two places go on side by side', async () => {
  const clock = fakeClock()
  const model = scriptedModel([{ text: 'Late.', delayMs: 1 }, { text: 'Soon.' }], { clock })
  const { say, answers, close } = await testBot({ model })

  await say('Slow', { place: 'a' })
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  await say('Quick', { place: 'b' })
  expect((await answers(1, 'b'))[0]?.text).toBe('Soon.')
  await clock.advance(1)

  expect((await answers(1, 'a'))[0]?.text).toBe('Late.')
  await close({ graceMs: 0 })
})

test('a new conversation is the newest, though the clock was set back', async () => {
  let nowMs = 3_600_000
  const clock = { ...fakeClock(), now: () => nowMs }
  const { bot, close } = await testBot({ model: scriptedModel([]), clock })
  const at = { channel: 'test', place: 'room' }
  bot.newConversation(at)
  nowMs = 0
  const { id } = bot.newConversation(at)

  expect(bot.conversationAt(at).id).toBe(id)
  await close({ graceMs: 0 })
})
