import { createServer } from 'node:net'

import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { openEvents, readEvents } from './event-reader.test-kit.ts'
import { webChannel } from './web-channel.ts'
import { openWeb, TOKEN } from './web.test-kit.ts'

const person = { id: 'web:owner', name: 'Ada' }

test('a port that is taken is named, with the setting that changes it', async () => {
  const web = await openWeb()
  const second = webChannel({ port: web.port, token: TOKEN, person })
  await expect(second.open(fakeBot())).rejects.toThrow(
    `The web chat cannot use port ${web.port}: another program has it. Choose another one by \`--port\`, or as \`web.port\` in the config file.`,
  )
  expect(() => second.url).toThrow('The web chat is not open.')
  await second.close()
})

test('the requests of all else in this process stay what they are', async () => {
  const { Request: request, Response: response } = globalThis
  const web = await openWeb()
  expect((await web.get('/')).status).toBe(200)
  expect([globalThis.Request, globalThis.Response]).toEqual([request, response])
})

test('close() ends open streams and gives the port back', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const reader = readEvents(await openEvents(web, id))
  web.bot.show(id, { kind: 'notice', text: 'Good night.', tone: 'info' })
  await web.channel.close()
  expect(await reader.ended).toBe('end')
  expect(reader.changes).toMatchObject([{ type: 'entry', entry: { text: 'Good night.' } }])
  expect(web.bot.watchers(id)).toBe(0)
  expect(() => web.channel.url).toThrow('The web chat is not open.')
  await expect(web.get('/api/home')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/)

  const other = createServer()
  await new Promise<void>((resolve, reject) => {
    other.on('error', reject).listen(web.port, '127.0.0.1', resolve)
  })
  other.close()
})

test('close() also ends one who does not read, and one that is not answered', async () => {
  const clock = fakeClock()
  const web = await openWeb({ clock })
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  await openEvents(web, id).then((response) => response.on('error', () => {}))
  // As much as fits: what the machine itself takes of it is not ours to say.
  for (let count = 0; count < 10; count++) {
    web.bot.show(id, { kind: 'notice', text: 'x'.repeat(1_000_000), tone: 'info' })
    await new Promise(setImmediate)
  }
  const asked = Promise.withResolvers<string>()
  web.bot.stop = (of) => {
    asked.resolve(of)
    return new Promise(() => {})
  }
  const unanswered = web.post(`/api/conversations/${id}/stop`).catch((error: unknown) => error)
  await asked.promise
  let ends = 0
  const closed = [web.channel.close(), web.channel.close()].map((one) => one.then(() => ends++))
  await clock.advance(1_999)
  expect(ends).toBe(0)
  await clock.advance(1)
  await Promise.all(closed)
  expect(await unanswered).toBeInstanceOf(Error)
  expect(web.bot.watchers(id)).toBe(0)
})

test('what is asked before the end is answered', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const asked = Promise.withResolvers<string>()
  const answered = Promise.withResolvers<boolean>()
  web.bot.stop = (of) => {
    asked.resolve(of)
    return answered.promise
  }
  const reply = web.post(`/api/conversations/${id}/stop`)
  await asked.promise
  const closed = web.channel.close()
  answered.resolve(true)
  expect((await reply).json()).toEqual({ wasRunning: true })
  expect((await reply).headers.connection).toBe('close')
  await closed
})

test('close() while it opens leaves nothing open', async () => {
  const channel = webChannel({ port: 0, token: TOKEN, person })
  const opened = channel.open(fakeBot())
  await channel.close()
  await expect(opened).rejects.toThrow('The web chat was closed while it opened.')
})

test.for<[options: object, complaint: string]>([
  [{ port: -1 }, 'Expected `port`'],
  [{ port: 65_536 }, 'Expected `port` to be 65535 at most'],
  [{ token: ' ' }, 'Expected `token`'],
])('%j is refused', ([options, complaint]) => {
  expect(() => webChannel({ port: 0, token: TOKEN, person, ...options })).toThrow(complaint)
})
