import { PassThrough } from 'node:stream'

import { onTestFinished, vi } from 'vitest'

import type { Bot } from '../../bot/bot.ts'
import { type FakeBot, fakeBot } from '../../bot/fake-bot.test-kit.ts'
import type { Channel, Part } from '../../channel/channel.ts'
import type { AnswerEntry, Entry, QuestionEntry, SaidEntry, TrailItem } from '../../view/entry.ts'
import type { LiveRun } from '../../view/live-run.ts'
import { terminalChannel } from './terminal-channel.ts'

export const ANN = { id: 'terminal:ann', name: 'Ann' }
const COLUMNS = 40
const ESCAPE = '\u001B'
const COMMAND = new RegExp(`^${ESCAPE}\\[(\\d*)([A-Z])$`)
const TOKENS = new RegExp(`${ESCAPE}\\[\\d*[A-Z]|[^${ESCAPE}]`, 'gu')
const COLOURS = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g')

export interface StartedTerminal {
  readonly bot: FakeBot
  readonly channel: Channel
  readonly conversationId: string
  /** How often the person left. */
  readonly left: () => number
  readonly type: (keys: string) => void
  readonly endInput: () => void
  /** All that was written, without colours. */
  readonly written: () => string
  /** What the terminal shows. */
  readonly screen: () => readonly string[]
  readonly send: (part: Part) => Promise<string>
  readonly live: (trail: readonly TrailItem[], more?: Partial<LiveRun>) => void
  readonly text: (step: number, text: string) => void
  readonly answer: (text: string, more?: Partial<AnswerEntry>) => Entry
  /** The newest thing that was said has this state now. */
  readonly said: (state: SaidEntry['state']) => void
}

/** A terminal of 40 columns, or a pipe, that is open to a bot; `before` is done before it opens. */
export async function startTerminal({
  isTerminal = true,
  about = { models: 'a/model', suggestions: [] },
  before = () => {},
}: {
  readonly isTerminal?: boolean
  readonly about?: Partial<Bot['about']>
  readonly before?: (bot: FakeBot, conversationId: string) => void
} = {}): Promise<StartedTerminal> {
  vi.stubEnv('TERM', 'xterm')
  vi.stubEnv('NO_COLOR', '1')
  const input = Object.assign(new PassThrough(), { isTTY: isTerminal })
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: isTerminal, columns: COLUMNS })
  let written = ''
  output.on('data', (text: string) => {
    written += text
  })
  const bot = fakeBot(about)
  const conversationId = bot.conversationAt({ channel: 'terminal', place: 'terminal' }).id
  before(bot, conversationId)
  let left = 0
  const channel = terminalChannel({ person: ANN, input, output, onClose: () => (left += 1) })
  await channel.open(bot)
  onTestFinished(() => channel.close())

  const runId = 'r1'
  const liveRun = { runId, agent: 'assistant', state: 'working', startedAtMs: 0 } as const
  const plain = (): string => written.replaceAll(COLOURS, '')
  return {
    bot,
    channel,
    conversationId,
    left: () => left,
    type: (keys) => void input.write(keys),
    endInput: () => void input.end(),
    written: plain,
    screen: () => screenOf(plain()),
    send: (part) =>
      channel.outlet!.send('terminal', part, { key: `k:${part.text}`, signal: new AbortController().signal }),
    live: (trail, more) => bot.tell(conversationId, { type: 'live', live: { ...liveRun, trail, ...more } }),
    text: (step, text) => bot.tell(conversationId, { type: 'live-text', runId, step, text }),
    answer(text, more = {}) {
      bot.tell(conversationId, { type: 'live-end', runId })
      return bot.show(conversationId, { ...answerOf(text), ...more }, { runId })
    },
    said(state) {
      const entry = bot.snapshot(conversationId)!.entries.findLast(({ kind }) => kind === 'said')!
      bot.show(conversationId, { ...(entry as SaidEntry & Entry), state }, { id: entry.id })
    },
  }
}

export function answerOf(text: string): AnswerEntry {
  const counts = { inputTokens: 1, outputTokens: 1, elapsedMs: 5 }
  return { kind: 'answer', text, agent: 'assistant', outcome: 'ok', trail: [], ...counts }
}

export function questionOf(questionId: string, labels = ['Approve', 'Decline']): QuestionEntry {
  const choices = labels.map((label) => ({ id: label.toLowerCase().slice(0, 3), label, style: 'plain' as const }))
  const words = { title: `May ${questionId} write?`, details: 'a.txt\nb.txt' }
  return { kind: 'question', questionId, topic: 'approval', ...words, choices, expiresAtMs: 9_000 }
}

export function toolItem(tool: string, more: Partial<TrailItem & { type: 'tool' }> = {}): TrailItem {
  return { type: 'tool', callId: tool, tool, input: '{"zone":"Oslo"}', state: 'running', ...more }
}

/** What a terminal of 40 columns shows, as far as the channel and readline steer one; anything else is refused. */
function screenOf(written: string): readonly string[] {
  const rows: string[] = ['']
  let row = 0
  let column = 0
  const tokens = written.match(TOKENS) ?? []
  if (tokens.join('') !== written) throw new Error(`This screen does not know ${JSON.stringify(written)}`)
  for (const token of tokens) {
    const [, count = '', command] = COMMAND.exec(token) ?? []
    if (token === '\r') column = 0
    else if (token === '\n') {
      row += 1
      column = 0 // as terminals do it for programs that do not say otherwise
    } else if (command === 'A') row -= Number(count || 1)
    else if (command === 'G') column = Number(count || 1) - 1
    else if (command === 'C') column += Number(count || 1)
    else if (command === 'D') column -= Number(count || 1)
    else if (command === 'J' || command === 'K') {
      rows[row] = rows[row]!.slice(0, column)
      if (command === 'J') rows.length = row + 1
    } else if (command === undefined) {
      if (column === COLUMNS) {
        row += 1
        column = 0
      }
      const line = rows[row] ?? ''
      rows[row] = line.slice(0, column).padEnd(column) + token + line.slice(column + 1)
      column += 1
    } else throw new Error(`This screen does not know ${JSON.stringify(token)}`)
    rows[row] ??= ''
  }
  const lines = rows.map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return lines
}
