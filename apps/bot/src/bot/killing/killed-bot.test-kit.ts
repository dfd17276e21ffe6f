// A bot as a process of its own, which kills itself before one of its writes:
// `node killed-bot.test-kit.ts <folder> <life> <write>`. In each life it says what it has not
// said yet, and what it sends goes to a file. When all is answered and sent it closes, and exits with 0.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { type Message, textOf } from '@executus/core'
import { scriptedModel, type ScriptedReply } from '@executus/core/testing'

import { createBot } from '../create-bot.ts'
import { sendingChannel, testSettings } from '../test-bot.test-kit.ts'
import { dieBeforeWrite, laterClock } from './die-before-write.test-kit.ts'

const [, , folder = '', life = '0', fatalWrite = '0'] = process.argv
const MESSAGES = 8
const PLACES = 4

dieBeforeWrite(Number(fatalWrite))

/** Says what follows from the conversation alone, so that it does not matter in which life it is asked. */
function answer(messages: readonly Message[]): ScriptedReply {
  const isAnswer = ({ role, content }: Message) =>
    role === 'assistant' && content.every((part) => part.type !== 'tool-call')
  const since = messages.slice(messages.findLastIndex(isAnswer) + 1)
  const asked = since.filter(({ role }) => role === 'user').map(textOf)
  const results = since.filter(({ role }) => role === 'tool').length
  if (results === 0) return { calls: [{ name: 'save_note', input: { text: `asked ${asked[0]}` }, id: 'note' }] }
  return { text: `Answer to ${asked.join(' and ')}\n---\nThat was all.` }
}

const model = {
  spec: 'scripted/killed',
  stream: (...[{ messages }, options]: Parameters<ReturnType<typeof scriptedModel>['stream']>) =>
    scriptedModel([{ ...answer(messages), delayMs: 5 }]).stream({ messages }, options),
}
const channel = sendingChannel(({ place, part, key }) =>
  appendFileSync(join(folder, 'sent'), `${JSON.stringify({ place, key, text: part.text })}\n`),
)
// After each crash a run rests for a while: this host waits that long before it is started again.
const clock = laterClock(Number(life) * 20 * 60_000)
const settings = testSettings(folder)
const { bot, close } = await createBot({ settings, channels: [channel], model, clock })
const person = { id: 'test:ann', name: 'Ann' }
const placeOf = (index: number) => ({ channel: 'test', place: `place ${index % PLACES}` })
// What was acknowledged is not said again: it must not be lost.
const keptFile = join(folder, 'kept')
const kept = existsSync(keptFile) ? readFileSync(keptFile, 'utf8').split('\n') : []
for (let index = 0; index < MESSAGES; index += 1) {
  if (kept.includes(`message ${index}`)) continue
  await bot.say({ person, at: placeOf(index), messageId: `m${index}`, text: `message ${index}` })
  appendFileSync(keptFile, `message ${index}\n`)
}
const isDone = (place: number) => {
  const { entries, live } = bot.snapshot(bot.conversationAt(placeOf(place)).id)!
  const isSaid = entries.every((entry) => entry.kind !== 'said' || entry.state === 'answered')
  const isSent = entries.every((entry) => entry.kind !== 'answer' || entry.delivery !== 'waiting')
  return isSaid && isSent && live.length === 0
}
while (!Array.from({ length: PLACES }, (_, place) => isDone(place)).every(Boolean)) await wait(5)
await close({ graceMs: 0 })
