// A bot under load, as a process of its own: `node --expose-gc load.test-kit.ts <messages>`. People say so many things, each
// the next one when the last was answered. It tells on stdout how many answers came, to whom, and what memory it took.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { textOf } from '@executus/core'
import { scriptedModel } from '@executus/core/testing'

import { createBot } from './create-bot.ts'
import { logChannel, testSettings } from './test-bot.test-kit.ts'

const PEOPLE = 200
const messages = Number(process.argv[2])
const marks = new Set([1_000, 5_000, messages])
const folder = mkdtempSync(join(tmpdir(), 'bot-'))
const model = {
  spec: 'scripted/load',
  stream: (...[request, options]: Parameters<ReturnType<typeof scriptedModel>['stream']>) => {
    const text = `Heard: ${textOf(request.messages.at(-1)!)}`
    const isNoted = request.messages.at(-1)!.role === 'tool'
    const calls = [{ name: 'save_note', input: { text: 'something' } }]
    const turn = isNoted || !text.endsWith('0') ? { text } : { calls }
    return scriptedModel([turn]).stream(request, options)
  },
}
const settings = testSettings(folder, { budget: { perPerson: [{ window: 'day', tokens: 1e9 }], extraTokens: 1 } })
const { bot, close } = await createBot({ settings, channels: [logChannel()], model })

let said = 0
let answered = 0
let failed = 0
const heapMb: Record<number, number> = {}
const beganAt = process.hrtime.bigint()

async function talk(index: number): Promise<void> {
  const at = { channel: 'test', place: `place ${index}` }
  const person = { id: `test:${index}`, name: `Person ${index}` }
  const { id } = bot.conversationAt(at)
  let onAnswer = () => {}
  bot.watch(id, (event) => {
    if (event.type !== 'entry' || event.entry.kind !== 'answer') return
    answered += 1
    if (event.entry.outcome !== 'ok') failed += 1
    if (marks.has(answered)) measure()
    onAnswer()
  })
  while (said < messages) {
    said += 1
    const answer = new Promise<void>((resolve) => (onAnswer = resolve))
    await bot.say({ person, at, messageId: `m${said}`, text: `message ${said}` })
    await answer
  }
}

function measure(): void {
  globalThis.gc?.()
  heapMb[answered] = Math.round(process.memoryUsage().heapUsed / 1e5) / 10
}

await Promise.all(Array.from({ length: PEOPLE }, (_, index) => talk(index)))
const seconds = Number(process.hrtime.bigint() - beganAt) / 1e9
const waiting = Array.from({ length: PEOPLE }, (_, index) => {
  const { id } = bot.conversationAt({ channel: 'test', place: `place ${index}` })
  return bot.snapshot(id)!.entries.filter((entry) => entry.kind === 'said' && entry.state !== 'answered').length
}).reduce((sum, one) => sum + one, 0)
await close({ graceMs: 0 })
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ answered, failed, waiting, heapMb, perSecond: Math.round(answered / seconds) }))
