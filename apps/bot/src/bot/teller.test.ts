import { type Message, textOf } from '@executus/core'
import { scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { openBotDatabase } from '../store/bot-database.ts'
import { openStores } from '../store/stores.ts'
import type { EntryOf } from '../view/entry.ts'
import { Feed } from './feed.ts'
import { Log } from './log.ts'
import { Teller } from './teller.ts'

test('what was said first is told first, though its files take longer to be read', async () => {
  const { executor, clock, logger, model } = scriptedHost([{ text: 'One.', delayMs: 1 }, { text: 'Two.' }])
  const stores = openStores(openBotDatabase(':memory:'))
  const about = { channel: 'test', place: 'room', title: 'T', agent: 'a', createdAtMs: 0, updatedAtMs: 0 }
  stores.conversations.add({ id: 'c', ...about })
  const log = new Log({ stores, feed: new Feed(logger), outlets: new Map(), clock })
  const say = (text: string, files: EntryOf<'said'>['files']) => {
    const author = { id: 'test:ann', name: 'Ann' }
    const body = { kind: 'said', author, text, files, skipped: [], state: 'waiting' } as const
    return log.write((writer) => writer.add({ conversationId: 'c', body })).entry as EntryOf<'said'>
  }
  const said = [say('First', [{ name: 'f', label: 'f.txt', mediaType: 'text/plain', size: 1 }]), say('Second', [])]
  let arrive = () => {}
  const slow = new Promise<undefined>((resolve) => (arrive = () => resolve(undefined)))
  const teller = new Teller({ stores, log, files: { read: () => slow } })

  const run = executor.start({ name: 'a' }, 'Hello')
  await clock.advance(0)
  const telling = teller.tell(run, 'test:ann', said)
  await clock.advance(0)
  arrive()
  await clock.advance(1)
  await telling
  await run.result

  const heard = model.requests[1]!.messages.filter(({ role }: Message) => role === 'user').map(textOf)
  expect(heard.map((text) => text.split('[', 1)[0]!.trim())).toEqual(['Hello', 'First', 'Second'])
  expect(stores.entries.takenBy(run.id)).toHaveLength(2)
})
