import { textOf } from '@executus/core'
import { type FakeClock, fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { inShort, testBot, withDatabase } from './test-bot.test-kit.ts'

const stalls: ScriptTurn = { stalls: true }
const note: ScriptTurn = { calls: [{ name: 'save_note', input: { text: 'likes ferns' }, id: 'note' }] }
const notesIn = (folder: string) => withDatabase(folder, (db) => db.prepare('SELECT text FROM notes').pluck().all())

test('a bot that is closed while its model thinks answers after the next start, once', async () => {
  const first = await testBot({ model: scriptedModel([stalls]) })
  await first.say('Hello')
  await vi.waitFor(() => expect(first.entries()[0]).toMatchObject({ state: 'taken' }))
  await first.close({ graceMs: 0 })

  const model = scriptedModel([{ text: 'Hi.' }])
  const { folder, answers, close } = await testBot({ model, folder: first.folder })
  await answers(1)
  await close({ graceMs: 0 })

  const third = await testBot({ model: scriptedModel([]), folder })
  expect(inShort(third.entries())).toEqual(['ann: Hello (answered)', '= Hi.'])
  await third.close({ graceMs: 0 })
})

test('what a run did before the bot was closed is not done again, and is shown with the answer', async () => {
  const model = scriptedModel([note, stalls])
  const first = await testBot({ model })
  await first.say('Remember that I like ferns')
  await vi.waitFor(() => expect(model.requests).toHaveLength(2))
  await first.close({ graceMs: 0 })

  const second = await testBot({ model: scriptedModel([{ text: 'Noted.' }]), folder: first.folder })
  const [answer] = await second.answers(1)
  await second.close({ graceMs: 0 })

  expect(answer).toMatchObject({ text: 'Noted.', outcome: 'ok', trail: [{ tool: 'save_note', state: 'done' }] })
  expect(notesIn(first.folder)).toEqual(['likes ferns'])
})

test('what a run said before its question is shown after a restart, and stays before what it did then', async () => {
  const asks: ScriptTurn = {
    text: 'I have it.',
    calls: [{ name: 'delete_note', input: { id: 1, text: 'likes ferns' } }],
  }
  const first = await testBot({ model: scriptedModel([note, asks]) })
  const { conversationId } = await first.say('Remember that I like ferns, and forget it')
  const { questionId } = await first.question()
  await vi.waitFor(() => expect(first.bot.snapshot(conversationId)?.live).toMatchObject([{ state: 'waiting' }]))
  await first.close({ graceMs: 0 })

  const second = await testBot({ model: scriptedModel([{ text: 'Done.' }]), folder: first.folder })
  const said = [
    { tool: 'save_note', state: 'done' },
    { type: 'text', text: 'I have it.' },
  ]
  await vi.waitFor(() => expect(second.bot.snapshot(conversationId)?.live).toMatchObject([{ trail: said }]))
  await second.bot.decide(questionId, 'approve', { id: 'test:ann', name: 'ann' })
  const [answer] = await second.answers(1)
  await second.close({ graceMs: 0 })

  expect(answer?.trail).toMatchObject([...said, { tool: 'delete_note', state: 'done' }])
})

test('a message that was kept before its run was begun is answered after the next start', async () => {
  const first = await testBot({ model: scriptedModel([]) })
  await Promise.all([first.say('Hello'), first.close({ graceMs: 0 })])

  const { answers, entries, close } = await testBot({ model: scriptedModel([{ text: 'Hi.' }]), folder: first.folder })
  await answers(1)

  expect(inShort(entries())).toEqual(['ann: Hello (answered)', '= Hi.'])
  await close({ graceMs: 0 })
})

test('runs that wait for their turn are begun after the next start', async () => {
  const runs = { concurrency: 1, maxSteps: 25, timeoutMinutes: 10 }
  const model = scriptedModel([stalls])
  const first = await testBot({ model, settings: { runs } })
  for (const place of ['a', 'b', 'c']) await first.say(`Hello from ${place}`, { place })
  await vi.waitFor(() => expect(model.requests).toHaveLength(1))
  await first.close({ graceMs: 0 })

  const again = scriptedModel([{ text: 'Hi.' }, { text: 'Hi.' }, { text: 'Hi.' }])
  const second = await testBot({ model: again, folder: first.folder, settings: { runs } })
  for (const place of ['a', 'b', 'c']) {
    await second.answers(1, place)
    expect(inShort(second.entries(place))).toEqual([`ann: Hello from ${place} (answered)`, '= Hi.'])
  }
  expect(again.requests).toHaveLength(3)
  await second.close({ graceMs: 0 })
})

test('a run that is let come to a safe point goes on from there', async () => {
  const clock = fakeClock()
  const model = scriptedModel([{ ...(note as object), delayMs: 1 }], { clock })
  const first = await testBot({ model })
  await first.say('Remember that I like ferns')
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  const closing = first.close({ graceMs: 5_000 })
  await clock.advance(1)
  await closing
  expect(notesIn(first.folder)).toEqual(['likes ferns'])

  const second = await testBot({ model: scriptedModel([{ text: 'Noted.' }]), folder: first.folder })
  expect((await second.answers(1))[0]).toMatchObject({ text: 'Noted.', outcome: 'ok' })
  await second.close({ graceMs: 0 })
})

/** A bot that has told its run a second message, and whose process died before that was noted. */
async function diedUnnoted(clock: FakeClock): Promise<string> {
  const { say, entries, close, folder } = await testBot({
    model: scriptedModel([{ text: 'One moment.', delayMs: 1 }, stalls], { clock }),
  })
  await say('First')
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  await say('Second')
  await clock.advance(1)
  await vi.waitFor(() => expect(inShort(entries())[1]).toBe('ann: Second (taken)'))
  await close({ graceMs: 0 })
  withDatabase(folder, (db) => db.exec(`UPDATE entries SET state = 'waiting', run_id = NULL WHERE id = 2`))
  return folder
}

test('what was told to a run before a crash, and was not noted, is answered once', async () => {
  const folder = await diedUnnoted(fakeClock())
  const second = await testBot({ model: scriptedModel([{ text: 'To both.' }]), folder })
  await second.answers(1)

  expect(inShort(second.entries())).toEqual(['ann: First (answered)', 'ann: Second (answered)', '= To both.'])
  await second.close({ graceMs: 0 })
})

test('what a run may have heard before a crash is not told to it again, and what is said then keeps its place', async () => {
  const clock = fakeClock()
  const folder = await diedUnnoted(clock)
  const heard: ScriptTurn = ({ messages }) => ({ text: messages.map((one) => textOf(one)).join(' | ') })
  const model = scriptedModel([{ text: 'To both.', delayMs: 1 }, heard], { clock })
  const second = await testBot({ model, folder })
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  await second.say('Third')
  await clock.advance(1)
  const [, third] = await second.answers(2)

  expect(third?.text).toBe('First | One moment. | Second | To both. | Third')
  await second.close({ graceMs: 0 })
})

test('an answer that only the record of its run tells is told at the next start, once', async () => {
  const first = await testBot({ model: scriptedModel([note, { text: 'Noted.' }]) })
  await first.say('Remember that I like ferns')
  await first.answers(1)
  await first.close({ graceMs: 0 })
  // As if the process had died between the two files.
  withDatabase(first.folder, (db) => {
    db.exec(`DELETE FROM entries WHERE kind = 'answer'`)
    db.exec(`UPDATE entries SET state = 'taken'; UPDATE runs SET state = 'open'`)
  })

  const model = scriptedModel([({ messages }) => ({ text: `${messages.length} messages` })])
  const second = await testBot({ model, folder: first.folder })
  await second.say('And now?')
  const [told, next] = await second.answers(2)
  await second.close({ graceMs: 0 })

  expect(told).toMatchObject({ text: 'Noted.', outcome: 'ok' })
  expect(next?.text).toBe('3 messages')
  expect(notesIn(first.folder)).toEqual(['likes ferns'])
})

test('an agent that is set aside says so, and what waits is answered', async () => {
  const first = await testBot({ model: scriptedModel([stalls]) })
  await first.say('Hello')
  await vi.waitFor(() => expect(first.bot.snapshot(first.entries()[0]!.conversationId)?.live[0]?.state).toBe('working'))
  await first.say('Me too', { by: 'bob' })
  await first.close({ graceMs: 0 })
  withDatabase(first.folder, (db) => {
    db.exec(`ATTACH '${first.folder}/executus.db' AS journal`)
    const tables = db.prepare(`SELECT name, sql FROM journal.sqlite_schema WHERE sql LIKE '%crash_streak%'`).all()
    const [table] = tables as { readonly name: string }[]
    db.exec(`UPDATE journal.${table!.name} SET crash_streak = 5`)
  })

  const second = await testBot({ model: scriptedModel([{ text: 'Hi, Bob.' }]), folder: first.folder })
  const [aside, bob] = await second.answers(2)

  expect(aside).toMatchObject({ outcome: 'failed', problem: 'It stopped the bot again and again, and was set aside.' })
  expect(bob).toMatchObject({ outcome: 'ok', text: 'Hi, Bob.' })
  await second.close({ graceMs: 0 })
})
