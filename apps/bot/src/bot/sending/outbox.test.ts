import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { ChannelError } from '../../channel/errors.ts'
import { tempFolder } from '../../temp-folder.test-kit.ts'
import type { Entry } from '../../view/entry.ts'
import { sendingChannel, testBot, withDatabase } from '../test-bot.test-kit.ts'

const answer = (text: string): ScriptTurn => ({ text })
const parts = (...texts: string[]): ScriptTurn => answer(texts.join('\n---\n'))
const deliveryOf = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => (entry.kind === 'answer' ? [entry.delivery] : []))

test('parts of a place go out in order, and another place does not wait for them', async () => {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const channel = sendingChannel(async ({ place, part }) => {
    if (place === 'slow' && part.text === 'a') await held
  })
  const { say, answers, entries, close } = await testBot({
    model: scriptedModel([parts('a', 'b'), parts('c', 'd')]),
    channel,
  })

  await say('Hello', { place: 'slow' })
  await answers(1, 'slow')
  await say('Hello', { place: 'quick' })
  await vi.waitFor(() => expect(deliveryOf(entries('quick'))).toEqual(['sent']))
  expect(deliveryOf(entries('slow'))).toEqual(['waiting'])
  letGo()
  await vi.waitFor(() => expect(deliveryOf(entries('slow'))).toEqual(['sent']))

  expect(channel.sent.map(({ part }) => part.text)).toEqual(['c', 'd', 'a', 'b'])
  expect(channel.updated).toEqual([])
  await close({ graceMs: 0 })
})

test('what a channel is too busy for goes out later, under the same key and before what follows', async () => {
  const tried: string[] = []
  const channel = sendingChannel(({ part, key }, count) => {
    tried.push(`${part.text} ${key}`)
    if (count <= 2) throw new ChannelError('busy', 'slow down', { retryAfterMs: 1 })
  })
  const clock = standingClock()
  const bot = await testBot({ model: scriptedModel([parts('a', 'b')]), channel, clock })

  await bot.say('Hello')
  await bot.answers(1)
  await vi.waitFor(async () => {
    await clock.advance(1_000)
    expect(deliveryOf(bot.entries())).toEqual(['sent'])
  })

  expect(tried).toEqual(['a 2/1', 'a 2/1', 'a 2/1', 'b 2/2'])
  expect(clock.waits.filter((ms) => ms === 4_000)).toHaveLength(1)
  await bot.close({ graceMs: 0 })
})

test('an answer of which a channel shows nothing waits for no delivery', async () => {
  const inner = sendingChannel()
  const channel = { ...inner, outlet: { ...inner.outlet!, partsOf: () => [] } }
  const { say, answers, close } = await testBot({ model: scriptedModel([answer('Hi.')]), channel })

  await say('Hello')

  expect((await answers(1))[0]).not.toHaveProperty('delivery')
  await close({ graceMs: 0 })
})

test('what a channel refuses is marked, and the rest goes out', async () => {
  const channel = sendingChannel(({ part }) => {
    if (part.text === 'b') throw new ChannelError('refused', 'too rude')
  })
  const { say, entries, close } = await testBot({ model: scriptedModel([parts('a', 'b', 'c')]), channel })

  await say('Hello')
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toEqual(['a', 'c']))

  await vi.waitFor(() => expect(deliveryOf(entries())).toEqual(['failed']))
  await close({ graceMs: 0 })
})

test('what may have arrived is not sent again, and the audit says so', async () => {
  const channel = sendingChannel(({ part }) => {
    if (part.text === 'a') throw new Error('the line went dead')
  })
  const { say, command, entries, close } = await testBot({ model: scriptedModel([parts('a', 'b')]), channel })

  await say('Hello')
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toEqual(['b']))

  expect(deliveryOf(entries())).toEqual(['unknown'])
  expect(await command(`/audit ${entries()[0]!.runId!}`)).toContain(
    'delivery: Part 1 of 2 of the message to test may have arrived: the channel gave no answer. It is not sent again.',
  )
  await close({ graceMs: 0 })
})

test('what was being sent when the process died is not sent again, and what follows it is', async () => {
  const model = scriptedModel([parts('a', 'b', 'c')])
  const hanging = sendingChannel(() => new Promise(() => {}))
  const clock = standingClock()
  const first = await testBot({ model, channel: hanging, clock })
  await first.say('Hello')
  await first.answers(1)
  await closeInTime(clock, () => first.close({ graceMs: 0 }))

  const channel = sendingChannel()
  const { command, entries, close } = await testBot({ model, channel, folder: first.folder })
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toEqual(['b', 'c']))

  await vi.waitFor(() => expect(deliveryOf(entries())).toEqual(['unknown']))
  expect(await command(`/audit ${entries()[0]!.runId!}`)).toContain('the bot was stopped while it was sent')
  await close({ graceMs: 0 })
})

test('a send that heeds nothing is given up in time, and the place goes on', async () => {
  const clock = standingClock()
  const channel = sendingChannel(({ part }) => (part.text === 'a' ? new Promise(() => {}) : undefined))
  const { say, entries, close } = await testBot({ model: scriptedModel([parts('a', 'b')]), channel, clock })

  await say('Hello')
  await vi.waitFor(() => expect(clock.waits).toContain(130_000))
  await clock.advance(129_999)
  expect(channel.sent).toEqual([])
  await clock.advance(1)
  await vi.waitFor(() => expect(channel.sent.map(({ part }) => part.text)).toEqual(['b']))

  expect(deliveryOf(entries())).toEqual(['unknown'])
  await close({ graceMs: 0 })
})

const asks: ScriptTurn = { calls: [{ name: 'delete_note', input: { id: 1, text: 'x' } }] }

const TITLE = 'May assistant use delete_note?'
const DECLINED = `${TITLE} Declined by Ann`

/** Declines a question when the channel is `ready`, and gives what was shown of it; of what it is told to send it holds some. */
async function shownOfQuestion(options: {
  readonly turns: readonly ScriptTurn[]
  readonly isHeld: (text: string) => boolean
  readonly ready: (begun: readonly string[], sent: number) => boolean
}): Promise<readonly string[]> {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const begun: string[] = []
  const channel = sendingChannel(async ({ part }) => {
    begun.push(part.text)
    if (options.isHeld(part.text)) await held
  })
  const { bot, say, question, answers, entries, close } = await testBot({
    model: scriptedModel(options.turns),
    channel,
  })
  for (let answered = 1; answered < options.turns.length - 1; answered += 1) {
    await say('Hello')
    await answers(answered)
  }
  await say('Delete it')
  const { questionId } = await question()
  await vi.waitFor(() => expect(options.ready(begun, channel.sent.length)).toBe(true))
  await bot.decide(questionId, 'decline', { id: 'test:ann', name: 'Ann' })
  letGo()
  await vi.waitFor(() => expect(deliveryOf(entries()).at(-1)).toBe('sent'))
  await close({ graceMs: 0 })
  const shown = [...channel.sent, ...channel.updated].map(({ part }) => part.text)
  return shown.filter((text) => text.startsWith(TITLE))
}

test('a question that is decided before it is sent goes out with its outcome', async () => {
  const turns = [answer('Hold on.'), asks, answer('Done.')]
  const isHeld = (text: string) => text === 'Hold on.'
  expect(await shownOfQuestion({ turns, isHeld, ready: (begun) => begun.length === 1 })).toEqual([DECLINED])
})

test('a question that is decided while it is sent is changed when it has arrived', async () => {
  const turns = [asks, answer('Done.')]
  const isHeld = (text: string) => text === TITLE
  expect(await shownOfQuestion({ turns, isHeld, ready: (begun) => begun.length === 1 })).toEqual([TITLE, DECLINED])
})

test('a question that is decided after it was sent is changed', async () => {
  const turns = [asks, answer('Done.')]
  const ready = (_begun: readonly string[], sent: number) => sent === 1
  expect(await shownOfQuestion({ turns, isHeld: () => false, ready })).toEqual([TITLE, DECLINED])
})

test('a question that was decided as the process died shows its outcome after the next start', async () => {
  const model = scriptedModel([asks, answer('Done.')])
  const folder = tempFolder()
  const deaf = sendingChannel()
  const first = await testBot({ model, channel: deaf, folder })
  await first.say('Delete it')
  const { questionId } = await first.question()
  await vi.waitFor(() => expect(deaf.sent).toHaveLength(1))
  await first.close({ graceMs: 0 })
  withDatabase(folder, (db) => {
    const body = db.prepare(`SELECT body FROM entries WHERE kind = 'question'`).pluck().get() as string
    const decided = JSON.stringify({ ...(JSON.parse(body) as object), outcome: 'Approved by Ann' })
    db.prepare(`UPDATE entries SET body = ? WHERE kind = 'question'`).run(decided)
    const decision = JSON.stringify({ choice: 'approve', by: 'test:ann' })
    db.prepare(`UPDATE questions SET state = 'decided', data = ? WHERE id = ?`).run(decision, questionId)
  })

  const channel = sendingChannel()
  const { answers, close } = await testBot({ model, channel, folder })
  await answers(1)

  await vi.waitFor(() =>
    expect(channel.updated).toEqual([
      { messageId: 'm1', part: { text: 'May assistant use delete_note? Approved by Ann' } },
    ]),
  )
  await close({ graceMs: 0 })
})

test('closing is bounded though a send hangs', async () => {
  const clock = standingClock()
  const channel = sendingChannel(() => new Promise(() => {}))
  const { say, answers, close } = await testBot({ model: scriptedModel([answer('Hi.')]), channel, clock })

  await say('Hello')
  await answers(1)
  await closeInTime(clock, () => close({ graceMs: 0 }))
})

test('what is answered while the bot closes goes out before its channels close', async () => {
  let isOpen = true
  const inner = sendingChannel(() => {
    if (!isOpen) throw new Error('the channel is closed')
  })
  const channel = { ...inner, close: async () => void (isOpen = false) }
  const clock = fakeClock()
  const model = scriptedModel([{ text: 'Hi.', delayMs: 1 }], { clock })
  const { say, close } = await testBot({ model, channel })

  await say('Hello')
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  const closing = close({ graceMs: 5_000 })
  await clock.advance(1)
  await closing

  expect(inner.sent.map(({ part }) => part.text)).toEqual(['Hi.'])
})

/** A clock that stands until it is moved, and remembers the waits. */
function standingClock() {
  const clock = fakeClock()
  const waits: number[] = []
  return {
    waits,
    now: () => clock.now(),
    advance: (ms: number) => clock.advance(ms),
    after(ms: number, callback: () => void) {
      waits.push(ms)
      return clock.after(ms, callback)
    },
  }
}

/** Closes a bot whose channel takes nothing any more, and lets the time pass that it gives the channel. */
async function closeInTime(clock: ReturnType<typeof standingClock>, close: () => Promise<void>): Promise<void> {
  const before = clock.waits.length
  const closing = close()
  await vi.waitFor(() => expect(clock.waits.slice(before)).toContain(5_000))
  await clock.advance(5_000)
  await closing
}
