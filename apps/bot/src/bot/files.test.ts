import { type Message, textOf } from '@executus/core'
import { scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import type { IncomingFile } from './bot.ts'
import { testBot, withDatabase } from './test-bot.test-kit.ts'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const file = (label: string, bytes: Uint8Array): IncomingFile => ({
  label,
  size: bytes.length,
  read: () => Promise.resolve(bytes),
})
const picture = file('fern.png', Buffer.from(PNG, 'base64'))
const list = file('list.txt', Buffer.from('water, light'))
const tooLarge: IncomingFile = { label: 'film.mp4', size: 1e9, read: () => Promise.reject(new Error('not to be read')) }

/** What a model is shown of a message: texts, and kinds of media. */
function shown(message: Message | undefined): readonly string[] {
  if (message?.role !== 'user') return [`${message?.role}`]
  return message.content.map((part) => (part.type === 'text' ? part.text : part.type))
}

/** A folder in which a message is kept whose run was not begun: another had the only place. */
async function keptOnly(files: readonly IncomingFile[]): Promise<string> {
  const runs = { concurrency: 1, maxSteps: 25, timeoutMinutes: 10 }
  const model = scriptedModel([{ stalls: true }])
  const { folder, say, close } = await testBot({ model, settings: { runs } })
  await say('Hello', { place: 'elsewhere' })
  await vi.waitFor(() => expect(model.requests).toHaveLength(1))
  await say('What is this?', { files })
  await close({ graceMs: 0 })
  return folder
}

test('a picture, a text and what was skipped reach the model, also when the bot was started again in between', async () => {
  const folder = await keptOnly([picture, list, tooLarge])
  const model = scriptedModel([{ text: 'A fern.' }, { text: 'A fern.' }])
  const { bot, answers, entries, close } = await testBot({ model, folder })
  await answers(1)
  const question = model.requests.map(({ messages }) => messages[0]).find((one) => shown(one)[0] === 'What is this?')
  const said = entries()[0]!

  expect(shown(question)[0]).toBe('What is this?')
  expect(shown(question)).toContain('image')
  expect(shown(question).join(' ')).toMatch(/film\.mp4.*larger/s)
  expect(JSON.stringify(question)).toMatch(/water, light|d2F0ZXIsIGxpZ2h0/)
  expect(said).toMatchObject({
    files: [{ label: 'fern.png' }, { label: 'list.txt' }],
    skipped: [{ label: 'film.mp4' }],
  })
  const [kept] = said.kind === 'said' ? said.files : []
  const found = await bot.file(kept!.name)
  expect([found?.label, found?.mediaType, Buffer.from(found!.bytes).toString('base64')]).toEqual([
    'fern.png',
    'image/png',
    PNG,
  ])
  await close({ graceMs: 0 })
})

test('pictures are shown again with the next two messages, and then they are named', async () => {
  const model = scriptedModel([{ text: 'A fern.' }, { text: 'Green.' }, { text: 'Wet.' }, { text: 'Yes.' }])
  const { say, answers, close } = await testBot({ model })
  await say('What is this?', { files: [picture] })
  for (const [index, text] of ['Its colour?', 'Its soil?', 'Really?'].entries()) {
    await answers(index + 1)
    await say(text)
  }
  await answers(4)

  expect(model.requests.map(({ messages }) => shown(messages[0])[1])).toEqual([
    'image',
    'image',
    'image',
    '[image/png: sent earlier, not shown again]',
  ])
  await close({ graceMs: 0 })
})

test('a message of files alone that a run has heard is answered once', async () => {
  const held = scriptedModel([{ stalls: true }])
  const first = await testBot({ model: held })
  await first.say('Look at this')
  await vi.waitFor(() => expect(held.requests).toHaveLength(1))
  await first.say('', { files: [picture] })
  await first.close({ graceMs: 0 })

  const model = scriptedModel([{ text: 'Where?' }, ({ messages }) => ({ text: shown(messages.at(-1)).join(' ') })])
  const second = await testBot({ model, folder: first.folder })
  const [, answer] = await second.answers(2)

  expect(answer?.text).toBe('image')
  expect(second.entries().filter(({ kind }) => kind === 'said')).toMatchObject([
    { state: 'answered' },
    { state: 'answered' },
  ])
  await second.close({ graceMs: 0 })
})

test('a file that is not kept any more is named', async () => {
  const folder = await keptOnly([picture])
  withDatabase(folder, (db) => {
    const where = `body LIKE '%fern.png%'`
    const body = db.prepare(`SELECT body FROM entries WHERE ${where}`).pluck().get() as string
    const said = JSON.parse(body) as { files: { name: string }[] }
    said.files[0]!.name = 'not-there.png'
    db.prepare(`UPDATE entries SET body = ? WHERE ${where}`).run(JSON.stringify(said))
  })

  const told: ScriptTurn = ({ messages }) => ({ text: messages.map(textOf).join(' ') })
  const second = await testBot({ model: scriptedModel([told, told]), folder })
  expect((await second.answers(1))[0]?.text).toContain('[fern.png: not kept any more]')
  await second.close({ graceMs: 0 })
})

test('a message whose files are being read when the bot stops is kept without them, and answered after the next start', async () => {
  const first = await testBot({ model: scriptedModel([]) })
  const film = { label: 'film.txt', size: 5, read: () => new Promise<never>(() => {}) }
  const kept = first.say('What is this?', { files: [list, film] })
  await first.close({ graceMs: 0 })
  expect(await kept).toMatchObject({ text: 'What is this?', state: 'waiting' })

  const model = scriptedModel([{ text: 'A list.' }])
  const second = await testBot({ model, folder: first.folder })
  await second.answers(1)
  expect(shown(model.requests[0]?.messages[0]).join(' ')).toMatch(/film\.txt.*the bot was stopped/s)
  await second.close({ graceMs: 0 })
})

test('what is read in the time that a bot has for stopping is kept', async () => {
  let arrive = (_bytes: Uint8Array) => {}
  const bytes = new Promise<Uint8Array>((resolve) => (arrive = resolve))
  const bot = await testBot({ model: scriptedModel([]) })
  const kept = bot.say('What is this?', { files: [{ label: 'list.txt', size: 5, read: () => bytes }] })
  const closed = bot.close({ graceMs: 60_000 })
  arrive(Buffer.from('water'))
  await closed

  expect(await kept).toMatchObject({ files: [{ label: 'list.txt' }], skipped: [] })
})
