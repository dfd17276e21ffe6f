// A process with a terminal channel, and a bot that says what it was told, in three pieces.
import type { Bot } from '../../bot/bot.ts'
import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { terminalChannel } from './terminal-channel.ts'

const fake = fakeBot({ suggestions: [] })
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
let runs = 0

async function answer(conversationId: string, text: string): Promise<void> {
  const runId = `r${(runs += 1)}`
  fake.tell(conversationId, { type: 'live', live: { runId, agent: 'a', state: 'working', startedAtMs: 0, trail: [] } })
  const words = `You said:\n${text}\u001B[2J.`
  for (const part of [words.slice(0, 5), words.slice(5, -3), words.slice(-3)]) {
    await pause()
    fake.tell(conversationId, { type: 'live-text', runId, step: 1, text: part })
  }
  if (text === 'for ever') return
  fake.tell(conversationId, { type: 'live-end', runId })
  const counts = { inputTokens: 0, outputTokens: 0, elapsedMs: 0 }
  fake.show(conversationId, { kind: 'answer', text: words, agent: 'a', outcome: 'ok', trail: [], ...counts }, { runId })
  const said = fake.snapshot(conversationId)!.entries.findLast((entry) => entry.kind === 'said')!
  fake.show(conversationId, { ...said, state: 'answered' }, { id: said.id })
}

const bot: Bot = {
  ...fake,
  async say(message) {
    const result = await fake.say(message)
    void answer(result.conversationId, message.text)
    return result
  },
}
const channel = terminalChannel({
  person: { id: 'terminal:me', name: 'Me' },
  onClose: () => console.error('left'),
})
await channel.open(bot)
