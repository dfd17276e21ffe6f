import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { messageForm, openWeb, type Web } from './web.test-kit.ts'

const ME = { id: 'web:owner', name: 'Ada' }
const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW'
const fault = { error: 'Something went wrong; the log has it.' }

const say = (web: Web, id: string, form: FormData) => web.post(`/api/conversations/${id}/messages`, { body: form })

test('home is what the page shows first', async () => {
  const web = await openWeb()
  const { id } = (await web.post('/api/conversations')).json() as { id: string }
  web.bot.newConversation({ channel: 'discord', place: '1234' })
  const reply = await web.get('/api/home')
  expect(reply.headers['content-type']).toBe('application/json')
  expect(reply.json()).toEqual({
    about: web.bot.about,
    me: ME,
    conversations: [expect.objectContaining({ id, channel: 'web', place: id })],
    agents: [{ name: 'assistant', description: 'Helps.', isBuiltIn: true }],
  })
})

test('a message with files reaches the bot with their bytes', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const messageId = randomUUID()
  const picture = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)
  const files = [new File([picture], 'naïve "cat".png', { type: 'image/png' }), new File(['hi'], 'note.txt')]
  const reply = await say(web, id, messageForm({ id: messageId, text: '/look at this\nplease' }, files))
  expect(reply.status).toBe(200)
  expect(reply.json()).toEqual({ entry: web.bot.snapshot(id)!.entries[0] })
  const [said] = web.bot.said
  expect(said).toMatchObject({
    person: ME,
    at: { channel: 'web', place: id },
    conversationId: id,
    messageId,
    text: '/look at this\nplease',
    files: [
      { label: 'naïve "cat".png', size: 100_000 },
      { label: 'note.txt', size: 2 },
    ],
  })
  const [cat, note] = said!.files!
  expect(Buffer.from(await cat!.read({ maxBytes: 100_000 })).equals(picture)).toBe(true)
  await expect(cat!.read({ maxBytes: 99_999 })).rejects.toThrow('the file has 100000 bytes, which is more than 99999')
  expect(Buffer.from(await note!.read({ maxBytes: 10 })).toString()).toBe('hi')
  expect(web.bot.commands).toEqual([])
})

test('a file field that nobody filled in is no file, and line breaks are those that were typed', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const field = (name: string, more: string, value: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
  const file = field('file', '; filename=""\r\nContent-Type: application/octet-stream', '')
  const body = `${field('id', '', randomUUID())}${field('text', '', 'one\r\ntwo\r\n\r\nthree')}${file}--${BOUNDARY}--\r\n`
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
  expect((await web.post(`/api/conversations/${id}/messages`, { body, headers })).status).toBe(200)
  expect(web.bot.said).toMatchObject([{ text: 'one\ntwo\n\nthree', files: [] }])
})

test('a message that comes twice is one', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const form = () => messageForm({ id: 'b3f0a1c2-5d64-4f1e-8a3b-0c9d8e7f6a5b', text: 'Hello' })
  const [first, second] = [await say(web, id, form()), await say(web, id, form())]
  expect(second.json()).toEqual(first.json())
  expect(web.bot.said).toHaveLength(1)
  expect(web.bot.snapshot(id)!.entries).toHaveLength(1)
})

test('a line with a slash is a command, and answers with what to show', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const reply = await say(web, id, messageForm({ id: randomUUID(), text: '/agent gardener \n' }))
  expect(reply.json()).toEqual({ shown: 'Did `/agent gardener`.' })
  const from = { person: ME, at: { channel: 'web', place: id }, conversationId: id }
  expect(web.bot.commands).toEqual([{ line: '/agent gardener', from }])
  expect(web.bot.said).toEqual([])
})

const id = randomUUID()

test.for<[what: string, body: FormData | string, error: RegExp]>([
  ['no id', messageForm({ text: 'a' }), /needs an id that is a UUID/],
  ['a strange id', messageForm({ id: 'one', text: 'a' }), /needs an id that is a UUID/],
  ['no text', messageForm({ id }), /needs a text/],
  ['an empty text', messageForm({ id, text: ' \n' }), /Write something, or add a file/],
  ['a long text', messageForm({ id, text: 'x'.repeat(100_001) }), /longer than 100,000 characters/],
  ['a file that is a text', withText(messageForm({ id, text: 'a' })), /is not a file/],
  ['no form', '{"text":"a"}', /sent as a form/],
])('a message with %s is refused in plain words', async ([, body, error]) => {
  const web = await openWeb()
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const reply = await web.post(`/api/conversations/${conversation.id}/messages`, { body })
  expect(reply.status).toBe(400)
  expect(reply.json()).toEqual({ error: expect.stringMatching(error) })
  expect(web.bot.said).toEqual([])
  expect(web.logger.lines).toEqual([])
})

test('a form that breaks off is refused', async () => {
  const web = await openWeb()
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const begin = `--${BOUNDARY}`
  for (const body of ['', begin, `${begin}\r\nContent-Disposition: form-data; name="id"\r\n\r\nabc`]) {
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
    const reply = await web.post(`/api/conversations/${conversation.id}/messages`, { body, headers })
    expect([reply.status, reply.json()]).toEqual([400, { error: 'The message cannot be read.' }])
  }
})

test('more than fits is refused when all of it was sent, however it is sent', async () => {
  const web = await openWeb({ maxUploadBytes: 1024 ** 2 })
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const form = (bytes: number) => messageForm({ id: randomUUID(), text: 'a' }, [new File(['x'.repeat(bytes)], 'a.txt')])
  expect((await say(web, conversation.id, form(1_000_000))).status).toBe(200)
  for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
    const path = `/api/conversations/${conversation.id}/messages`
    const reply = await web.post(path, { body: form(20 * 1024 ** 2), headers })
    expect([reply.status, reply.json()]).toEqual([
      413,
      { error: 'This is more than fits into one message: 1 MB at most.' },
    ])
  }
  expect(web.bot.said).toHaveLength(1)
})

test('what says that it is far too large is refused before it is read', async () => {
  const web = await openWeb()
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const headers = {
    'content-length': String(2 * 1024 ** 3),
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  }
  const response = await web.begin('POST', `/api/conversations/${conversation.id}/messages`, { headers })
  expect(response.statusCode).toBe(413)
  response.on('error', () => {}).destroy()
})

test('stop ends the runs of a conversation and tells whether there was one', async () => {
  const web = await openWeb()
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const stop = async () => (await web.post(`/api/conversations/${conversation.id}/stop`)).json()
  expect(await stop()).toEqual({ wasRunning: false })
  const live = { runId: 'run-1', agent: 'assistant', state: 'working', startedAtMs: 0, trail: [] } as const
  web.bot.tell(conversation.id, { type: 'live', live })
  expect(await stop()).toEqual({ wasRunning: true })
  expect(web.bot.stopped).toEqual([conversation.id, conversation.id])
})

test('a decision reaches the bot, and its answer the page', async () => {
  const web = await openWeb()
  web.bot.decided = { isTaken: false, message: 'Somebody else was faster.' }
  const reply = await web.post('/api/questions/q1', { body: '{"choice":"yes"}' })
  expect(reply.json()).toEqual({ isTaken: false, message: 'Somebody else was faster.' })
  expect(web.bot.decisions).toEqual([{ questionId: 'q1', choice: 'yes', by: 'web:owner' }])
})

test.for(['', 'yes', '{}', 'null', '{"choice":1}', '{"choice":""}', `{"choice":"${'x'.repeat(101)}"}`])(
  'the decision %j is refused',
  async (body) => {
    const web = await openWeb()
    const reply = await web.post('/api/questions/q1', { body })
    expect([reply.status, reply.json()]).toEqual([400, { error: 'A decision needs a `choice`.' }])
    expect(web.bot.decisions).toEqual([])
  },
)

test('a picture is shown, and any other file is saved and may do nothing', async () => {
  const web = await openWeb()
  const bytes = Uint8Array.from([0, 1, 2, 255])
  web.bot.files.set('a1.png', { mediaType: 'image/png', label: 'cat.png', bytes })
  web.bot.files.set('b2.html', { mediaType: 'text/html', label: 'page.html', bytes: Buffer.from('<script>') })
  const picture = await web.get('/api/files/a1.png')
  expect(picture.bytes).toEqual(Buffer.from(bytes))
  expect(picture.headers).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': `inline; filename="cat.png"; filename*=UTF-8''cat.png`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })
  const page = await web.get('/api/files/b2.html')
  expect(page.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="page.html"; filename*=UTF-8''page.html`,
    'content-security-policy': "default-src 'none'; sandbox",
  })
  expect((await web.get('/api/files/none')).json()).toEqual({ error: 'There is no such file.' })
})

test('an asset is not sent again to who has it', async () => {
  const web = await openWeb()
  const first = await web.get('/assets/vendor/preact/hooks.js')
  expect(first.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' })
  const etag = first.headers.etag!
  const again = await web.get('/assets/vendor/preact/hooks.js', { headers: { 'if-none-match': etag } })
  expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
  expect((await web.get('/assets/vendor/preact/hooks.js', { headers: { 'if-none-match': '"other"' } })).status).toBe(
    200,
  )
})

test('all that the page names is there', async () => {
  const web = await openWeb()
  const page = await web.get('/')
  const named = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!)
  expect(named.toSorted()).toEqual(['/assets/client/icon.svg', '/assets/client/main.ts', '/assets/client/style.css'])
  for (const address of named) expect([address, (await web.get(address)).status]).toEqual([address, 200])
})

test('conversations of other channels, and none, are not there', async () => {
  const web = await openWeb()
  const discord = web.bot.newConversation({ channel: 'discord', place: '1234' })
  for (const one of [discord.id, 'none', randomUUID()])
    for (const [method, path] of [
      ['GET', 'entries'],
      ['POST', 'messages'],
      ['POST', 'stop'],
    ] as const) {
      const reply = await web.send(method, `/api/conversations/${one}/${path}`)
      expect([reply.status, reply.json()]).toEqual([404, { error: 'There is no such conversation.' }])
    }
  expect([web.bot.said, web.bot.stopped]).toEqual([[], []])
})

test.for(['0', '-1', '1.5', 'x', ''])('entries before %j are refused', async (before) => {
  const web = await openWeb()
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const reply = await web.get(`/api/conversations/${conversation.id}/entries?before=${before}`)
  expect([reply.status, reply.json()]).toEqual([400, { error: '`before` must be the id of an entry.' }])
})

test('a fault is told to the log, and not to the page', async () => {
  const web = await openWeb()
  const conversation = web.bot.newConversation({ channel: 'web', place: '' })
  const error = new Error('the disk is full')
  web.bot.say = () => Promise.reject(error)
  const reply = await say(web, conversation.id, messageForm({ id: randomUUID(), text: 'Hello' }))
  expect([reply.status, reply.json()]).toEqual([500, fault])
  expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  const message = `the web chat could not answer POST /api/conversations/${conversation.id}/messages`
  expect(web.logger.lines).toEqual([{ level: 'error', message, details: error }])
})

function withText(form: FormData): FormData {
  form.append('file', 'just text')
  return form
}
