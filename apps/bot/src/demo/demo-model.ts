import { type Clock, type Message, type Model, ModelError, systemClock } from '@executus/core'
import { type ModelRequest, modelStream, noUsage, ReplyBuilder, type Usage } from '@executus/llm'

import { createAgentScene } from './scenes/create-agent.ts'
import { mediaScene } from './scenes/media.ts'
import { noteCommandScene, recallScene } from './scenes/notes.ts'
import { otherScene } from './scenes/other.ts'
import { researcherScene, researchScene } from './scenes/research.ts'
import { scheduleScene } from './scenes/schedule.ts'
import { scheduledScene } from './scenes/scheduled.ts'
import { reminderScene, timeScene } from './scenes/time.ts'
import { tourScene } from './scenes/tour.ts'
import { useSkillScene } from './scenes/use-skill.ts'
import { type DemoCall, type DemoReply, type DemoTurn, readTurn, type Scene } from './turn.ts'

interface DemoModelOptions {
  /** Of times that people name without a place: an IANA name. @default 'UTC' */
  readonly timeZone?: string
  /** Milliseconds after each word, so that one sees it being written. @default 25 */
  readonly wordPauseMs?: number
  /** @default systemClock */
  readonly clock?: Clock
}

/** What one could say first: a tool, a schedule with an approval, a delegation, and all of them in one run. */
export const demoSuggestions: readonly string[] = [
  'What time is it in Oslo and Tokyo?',
  'Every morning at 8 in Oslo, tell me what you remember',
  'Ask the researcher why leaves turn red',
  'Show me what you can do',
]

/** The first that fits is played: what is told apart by its beginning comes before what may stand anywhere. */
const SCENES: readonly Scene[] = [
  researcherScene,
  mediaScene,
  noteCommandScene,
  createAgentScene,
  useSkillScene,
  scheduledScene,
  scheduleScene,
  researchScene,
  reminderScene,
  timeScene,
  recallScene,
  tourScene,
]

/**
 * Stands in where no model is configured: its words are scripted, but the tools that it calls really run. What it says follows
 * from the conversation alone, so a run that was interrupted goes on the same in any process.
 */
export function demoModel(options: DemoModelOptions = {}): Model {
  const { timeZone = 'UTC', wordPauseMs = 25, clock = systemClock } = options
  return {
    spec: 'scripted/demo',
    stream: (request, streamOptions) =>
      modelStream(async ({ emit, signal }) => {
        const { reasoning = '', text = '', calls = [] } = replyTo(readTurn(request, timeZone))
        const reply = new ReplyBuilder(emit)
        const say = async (words: string, put: (word: string) => void): Promise<void> => {
          for (const [word] of words.matchAll(/\S+\s*/g)) {
            put(word)
            if (wordPauseMs > 0) await pause(wordPauseMs, clock, signal)
          }
        }
        await say(reasoning, (word) => reply.reasoning(word))
        await say(text, (word) => reply.text(word))
        // Of a conversation, each id stands for one call.
        for (const [index, { name, input }] of calls.entries())
          reply.append(reply.openCall(`call_${request.messages.length}_${index}`, name), JSON.stringify(input))
        const origin = { provider: 'scripted', api: 'scripted', model: 'demo' }
        return reply.finish(origin, reply.hasCalls ? 'tool-calls' : 'stop', usageOf(request, reasoning + text, calls))
      }, streamOptions),
  }
}

function replyTo(turn: DemoTurn): DemoReply {
  for (const scene of SCENES) {
    const reply = scene(turn)
    if (reply !== undefined) return reply
  }
  return otherScene()
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      cancel()
      reject(new ModelError('The model call was aborted', { code: 'aborted', cause: signal.reason }))
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    })
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

// What most models come to, for English.
const CHARS_PER_TOKEN = 4
// About what vendors charge for an image of ordinary size.
const MEDIA_TOKENS = 1_600

/** An estimate, so that budgets count as they do with a real model. */
function usageOf({ system = '', messages }: ModelRequest, said: string, calls: readonly DemoCall[]): Usage {
  const inputTokens = tokensOf(system) + messages.reduce((sum, { content }) => sum + tokensIn(content), 0)
  const outputTokens = tokensOf(said) + (calls.length === 0 ? 0 : tokensOf(JSON.stringify(calls)))
  return { ...noUsage, inputTokens, outputTokens, isEstimated: true }
}

function tokensIn(content: Message['content']): number {
  let tokens = 0
  for (const part of content)
    if (part.type === 'text' || part.type === 'reasoning') tokens += tokensOf(part.text)
    else if (part.type === 'tool-call') tokens += tokensOf(part.argumentsText)
    else if (part.type === 'tool-result')
      for (const one of part.content) tokens += one.type === 'text' ? tokensOf(one.text) : MEDIA_TOKENS
    else tokens += MEDIA_TOKENS
  return tokens
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN)
}
