import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { Refusal } from './errors.ts'
import { type EventStreamOptions, openEventStream } from './event-stream.ts'

function opened(options: Partial<EventStreamOptions> = {}) {
  const bot = fakeBot()
  const clock = fakeClock()
  const conversationId = bot.newConversation({ channel: 'web', place: '' }).id
  const heard: string[] = []
  const cut = () => void heard.push('cut')
  const onEnd = () => void heard.push('end')
  const stream = openEventStream({ bot, conversationId, clock, cut, onEnd, ...options })
  const reader = stream.body.getReader()
  const next = async () => {
    const { done, value } = await reader.read()
    return done ? undefined : Buffer.from(value).toString('utf8')
  }
  return { bot, clock, conversationId, heard, stream, next, reader }
}

test('a stream begins with how soon to come again, and the snapshot', async () => {
  const { bot, conversationId, next } = opened()
  const snapshot = JSON.stringify(bot.snapshot(conversationId))
  expect(await next()).toBe(`retry: 1000\n\nevent: snapshot\ndata: ${snapshot}\n\n`)
})

test('a stream in which nothing happens shows every 15 seconds that it is there', async () => {
  const { clock, next, stream, heard } = opened()
  await next()
  for (let count = 0; count < 3; count++) {
    await clock.advance(15_000)
    expect(await next()).toBe(': still here\n\n')
  }
  stream.end()
  await clock.advance(60_000)
  expect(await next()).toBeUndefined()
  expect(heard).toEqual(['end'])
})

test('what happens while the snapshot is taken follows it', async () => {
  const bot = fakeBot()
  const conversationId = bot.newConversation({ channel: 'web', place: '' }).id
  const taken = bot.snapshot(conversationId)
  bot.snapshot = () => {
    bot.tell(conversationId, { type: 'live-end', runId: 'a' })
    return taken
  }
  const { next } = opened({ bot, conversationId })
  expect(await next()).toContain('event: snapshot\n')
  expect(await next()).toBe('event: change\ndata: {"type":"live-end","runId":"a"}\n\n')
})

test('what happens in one turn of the event loop is sent at once, in order, and texts of one step as one', async () => {
  const { bot, conversationId, next } = opened()
  await next()
  const text = (runId: string, step: number, words: string) =>
    bot.tell(conversationId, { type: 'live-text', runId, step, text: words })
  text('a', 1, 'one ')
  text('a', 1, 'two')
  text('b', 1, 'other')
  text('a', 1, 'three')
  text('a', 2, 'four')
  bot.tell(conversationId, { type: 'live-end', runId: 'a' })
  const sent = [...(await next())!.matchAll(/event: change\ndata: (.*)\n\n/g)].map(
    ([, data]) => JSON.parse(data!) as unknown,
  )
  expect(sent).toEqual([
    { type: 'live-text', runId: 'a', step: 1, text: 'one two' },
    { type: 'live-text', runId: 'b', step: 1, text: 'other' },
    { type: 'live-text', runId: 'a', step: 1, text: 'three' },
    { type: 'live-text', runId: 'a', step: 2, text: 'four' },
    { type: 'live-end', runId: 'a' },
  ])
})

test('what was told is sent before the end', async () => {
  const { bot, conversationId, next, stream, heard } = opened()
  await next()
  bot.tell(conversationId, { type: 'live-end', runId: 'a' })
  stream.end()
  stream.end()
  expect(await next()).toBe('event: change\ndata: {"type":"live-end","runId":"a"}\n\n')
  expect(await next()).toBeUndefined()
  expect(bot.watchers(conversationId)).toBe(0)
  expect(heard).toEqual(['end'])
})

test('4 MiB beside the snapshot may wait for a reader, and no more', async () => {
  const bot = fakeBot()
  const conversationId = bot.newConversation({ channel: 'web', place: '' }).id
  const big = { kind: 'notice', tone: 'info', text: 'x'.repeat(6 * 1024 ** 2) } as const
  bot.show(conversationId, big)
  const { heard, reader } = opened({ bot, conversationId })
  expect(heard).toEqual([])
  for (let mebibytes = 1; mebibytes <= 4; mebibytes++) {
    expect(heard).toEqual([])
    bot.tell(conversationId, { type: 'live-text', runId: 'a', step: 1, text: 'x'.repeat(1024 ** 2) })
    await new Promise(setImmediate)
  }
  // The words around the texts are over it.
  expect(heard).toEqual(['end', 'cut'])
  expect(bot.watchers(conversationId)).toBe(0)
  await reader.cancel()
  expect(heard).toEqual(['end', 'cut'])
})

test('a stream of a conversation that is not there is refused, and watches nothing', () => {
  const bot = fakeBot()
  expect(() => opened({ bot, conversationId: 'none' })).toThrow(new Refusal(404, 'There is no such conversation.'))
  expect(bot.watchers('none')).toBe(0)
})
