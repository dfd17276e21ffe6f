// A bot as a process of its own, which kills itself before one of its writes:
// `node killed-desks.test-kit.ts <folder> <life> <write>`. In each place people do something else than wait: they decide,
// add words, stop, schedule, and raise a budget. When all of it is done it closes, and exits with 0.
import { setTimeout as wait } from 'node:timers/promises'

import type { Message } from '@executus/core'
import { scriptedModel, type ScriptedReply } from '@executus/core/testing'

import type { Entry } from '../../view/entry.ts'
import { createBot } from '../create-bot.ts'
import { sendingChannel, testSettings } from '../test-bot.test-kit.ts'
import { dieBeforeWrite, laterClock } from './die-before-write.test-kit.ts'

const [, , folder = '', life = '0', fatalWrite = '0'] = process.argv
dieBeforeWrite(Number(fatalWrite))

/** What is said in each place, in this order. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  approved: ['note yes'],
  declined: ['note no'],
  steered: ['note first', 'second', 'third'],
  stopped: ['wait for it', 'after it'],
  scheduled: ['schedule it'],
  spent: ['much', 'more'],
}
const MUCH = { inputTokens: 20_000, outputTokens: 0 }
const LITTLE = { inputTokens: 1, outputTokens: 1 }

/** Says what follows from the conversation alone, so that it does not matter in which life it is asked. */
function reply(messages: readonly Message[]): ScriptedReply {
  const isAnswer = ({ role, content }: Message) =>
    role === 'assistant' && content.every((part) => part.type !== 'tool-call')
  const since = messages.slice(messages.findLastIndex(isAnswer) + 1)
  const asked = since.flatMap(({ role, content }) =>
    role === 'user' ? content.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [],
  )
  const isDone = since.some(({ role }) => role === 'tool')
  const [first = ''] = asked
  if (!isDone && first.startsWith('note'))
    return { calls: [{ name: 'save_note', input: { text: first }, id: 'note' }], delayMs: 5, usage: LITTLE }
  if (!isDone && first.startsWith('schedule')) {
    const input = { task: 'tick', name: 'Ticks', everyMinutes: 5 }
    return { calls: [{ name: 'create_schedule', input, id: 'schedule' }], delayMs: 5, usage: LITTLE }
  }
  const delayMs = first.startsWith('wait') ? 200 : 20
  return { text: `Answer to ${asked.join(' and ')}`, delayMs, usage: first === 'much' ? MUCH : LITTLE }
}

const model = {
  spec: 'scripted/killed',
  stream: (...[{ messages }, options]: Parameters<ReturnType<typeof scriptedModel>['stream']>) =>
    scriptedModel([reply(messages)]).stream({ messages }, options),
}
const settings = testSettings(folder, {
  approvals: { ttlMinutes: 10_000, askFor: ['save_note'] },
  budget: { perPerson: [{ window: 'month', tokens: 10_000 }], extraTokens: 1_000_000 },
})
// After each crash a run rests for a while: this host waits that long before it is started again.
const clock = laterClock(Number(life) * 20 * 60_000)
const { bot, close } = await createBot({ settings, channels: [sendingChannel()], model, clock })
const owner = { id: 'test:owner', name: 'Owner' }

async function see(place: string): Promise<boolean> {
  const at = { channel: 'test', place }
  const { id } = bot.conversationAt(at)
  const { entries, live } = bot.snapshot(id)!
  for (const entry of entries)
    if (entry.kind === 'question' && entry.outcome === undefined)
      await bot.decide(entry.questionId, choiceFor(place, entry.topic), owner)
  if (place === 'stopped' && live.length > 0 && !entries.some(({ kind }) => kind === 'answer'))
    await bot.stop(id, owner)
  const isSaid = entries.every((entry) => entry.kind !== 'said' || entry.state === 'answered')
  const isAsked = entries.some((entry) => entry.kind === 'question' && entry.outcome === undefined)
  const isSent = entries.every((entry) => entry.kind !== 'answer' || entry.delivery !== 'waiting')
  return isSaid && isSent && !isAsked && live.length === 0
}

function choiceFor(place: string, topic: 'approval' | 'budget'): string {
  if (topic === 'budget') return 'raise'
  return place === 'declined' ? 'decline' : 'approve'
}

async function talk(place: string, texts: readonly string[]): Promise<void> {
  const person = { id: `test:${place}`, name: place }
  const at = { channel: 'test', place }
  for (const [index, text] of texts.entries()) {
    const { entry } = await bot.say({ person, at, messageId: `${place} ${index}`, text })
    // What is spent, and what is stopped, is so before more is said; the others are told more while a run is under way.
    const isNext = (): boolean => {
      const now = bot.snapshot(entry.conversationId)!.entries.find(({ id }) => id === entry.id) as Entry
      return (
        now.kind === 'said' && (place === 'steered' ? now.state !== 'waiting' || index > 0 : now.state === 'answered')
      )
    }
    while (!isNext()) {
      await see(place)
      await wait(2)
    }
  }
  while (!(await see(place))) await wait(2)
}

await Promise.all(Object.entries(PLACES).map(([place, texts]) => talk(place, texts)))
await close({ graceMs: 0 })
