import { randomUUID } from 'node:crypto'

import { expect, test, vi } from 'vitest'

import type { ConversationEvent, Snapshot } from '../../view/conversation.ts'
import type { Entry } from '../../view/entry.ts'
import { type EventReader, openEvents, readEvents } from './event-reader.test-kit.ts'
import { openWeb, type Web } from './web.test-kit.ts'

const RUN = { runId: 'run-1', agent: 'assistant', state: 'working', startedAtMs: 0, trail: [] } as const

test('a stream is a snapshot and what changes after it', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  web.bot.show(id, { kind: 'notice', text: 'before', tone: 'info' })
  web.bot.tell(id, { type: 'live', live: RUN })
  const response = await openEvents(web, id)
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; /),
    connection: 'close',
  })
  const reader = readEvents(response)
  await eventually(() => expect(reader.snapshot).toBeDefined())
  expect(reader.snapshot).toEqual(web.bot.snapshot(id))
  web.bot.tell(id, { type: 'live-text', runId: 'run-1', step: 1, text: 'Hel' })
  web.bot.tell(id, { type: 'live-text', runId: 'run-1', step: 1, text: 'lo\r\n\n' })
  web.bot.tell(id, { type: 'live-text', runId: 'run-1', step: 2, text: 'again' })
  web.bot.tell(id, { type: 'live-end', runId: 'run-1' })
  await eventually(() => expect(reader.changes.at(-1)?.type).toBe('live-end'))
  expect(reader.changes).toEqual([
    { type: 'live-text', runId: 'run-1', step: 1, text: 'Hello\r\n\n' },
    { type: 'live-text', runId: 'run-1', step: 2, text: 'again' },
    { type: 'live-end', runId: 'run-1' },
  ])
})

test('nothing is lost and nothing doubled for those who come while much happens', { timeout: 60_000 }, async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  web.bot.tell(id, { type: 'live', live: RUN })
  const readers: EventReader[] = []
  const opening: Promise<unknown>[] = []
  for (let turn = 0; turn < 400; turn++) {
    for (let word = 0; word < 5; word++)
      web.bot.tell(id, { type: 'live-text', runId: 'run-1', step: Math.floor(turn / 50), text: `${turn}.${word} ` })
    web.bot.show(id, { kind: 'notice', text: `entry ${turn}`, tone: 'info' })
    if (turn % 20 === 0) opening.push(openEvents(web, id).then((response) => readers.push(readEvents(response))))
    await new Promise(setImmediate)
  }
  await Promise.all(opening)
  web.bot.tell(id, { type: 'conversation', conversation: { ...web.bot.conversationAt({ channel: 'web', place: id }) } })
  await eventually(() =>
    expect(readers.map(({ changes }) => changes.at(-1)?.type)).toEqual(readers.map(() => 'conversation')),
  )

  const { live } = web.bot.snapshot(id)!
  const everything = Array.from({ length: 400 }, (_, turn) => `entry ${turn}`)
  const begins: number[] = []
  for (const { snapshot, changes } of readers) {
    begins.push(snapshot!.entries.length)
    const entries = [...(await earlierThan(web, id, snapshot!)), ...snapshot!.entries, ...entriesOf(changes)]
    expect(entries.map((entry) => (entry.kind === 'notice' ? entry.text : ''))).toEqual(everything)
    expect(trailAfter(snapshot!, changes)).toEqual(live[0]!.trail)
  }
  // Some came early and some in the middle: else this would prove nothing.
  expect(new Set(begins).size).toBeGreaterThan(3)
})

test('one who reads too slowly is cut off, and gets all when it comes again', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const slow = await openEvents(web, id)
  const quick = readEvents(await openEvents(web, id))
  let told = 0
  for (; told < 200 && web.bot.watchers(id) === 2; told++) {
    web.bot.show(id, { kind: 'notice', text: `${told} ${'x'.repeat(500_000)}`, tone: 'info' }, { id: told + 1 })
    await eventually(() => expect(quick.changes).toHaveLength(told + 1))
  }
  expect(web.bot.watchers(id)).toBe(1)
  const reader = readEvents(slow)
  expect(await reader.ended).toBe('broken')
  expect(reader.changes.length).toBeLessThan(told)

  const again = readEvents(await openEvents(web, id))
  await eventually(() => expect(again.snapshot?.entries).toHaveLength(told))
  expect(again.snapshot).toEqual(web.bot.snapshot(id))
  web.bot.tell(id, { type: 'live-end', runId: 'run-1' })
  await eventually(() => expect(again.changes).toEqual([{ type: 'live-end', runId: 'run-1' }]))
  expect(quick.changes).toHaveLength(told + 1)
})

test('one who goes away is no longer told', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'web', place: '' })
  const reader = readEvents(await openEvents(web, id))
  await eventually(() => expect(reader.snapshot).toBeDefined())
  expect(web.bot.watchers(id)).toBe(1)
  reader.response.destroy()
  await eventually(() => expect(web.bot.watchers(id)).toBe(0))
  expect(web.logger.lines).toEqual([])
})

test('a conversation that is not there, or of another channel, has no stream', async () => {
  const web = await openWeb()
  const { id } = web.bot.newConversation({ channel: 'discord', place: '1234' })
  for (const one of [id, 'none', randomUUID()]) {
    const reply = await web.get(`/api/conversations/${one}/events`)
    expect(reply.status).toBe(404)
    expect(reply.json()).toEqual({ error: 'There is no such conversation.' })
    expect(web.bot.watchers(one)).toBe(0)
  }
})

async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 20_000 })
}

async function earlierThan(web: Web, id: string, { entries, hasEarlier }: Snapshot): Promise<readonly Entry[]> {
  if (!hasEarlier) return []
  const reply = await web.get(`/api/conversations/${id}/entries?before=${entries[0]!.id}`)
  const page = reply.json() as Snapshot
  return [...(await earlierThan(web, id, page)), ...page.entries]
}

function entriesOf(changes: readonly ConversationEvent[]): readonly Entry[] {
  return changes.flatMap((change) => (change.type === 'entry' ? [change.entry] : []))
}

function trailAfter({ live }: Snapshot, changes: readonly ConversationEvent[]): readonly unknown[] {
  const texts: { type: 'text'; step: number; text: string }[] = []
  const more = (step: number, text: string) => {
    const last = texts.at(-1)
    if (last?.step === step) last.text += text
    else texts.push({ type: 'text', step, text })
  }
  for (const item of live[0]!.trail) if (item.type === 'text') more(item.step, item.text)
  for (const change of changes) if (change.type === 'live-text') more(change.step, change.text)
  return texts
}
