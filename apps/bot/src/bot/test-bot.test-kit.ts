import { join } from 'node:path'

import type { Clock, Model } from '@executus/core'
import { type RecordedLine, recordingLogger } from '@executus/core/testing'
import { onTestFinished, vi } from 'vitest'

import { builtInAgents } from '../agents/built-in-agents.ts'
import type { Channel, Part } from '../channel/channel.ts'
import type { BotSettings } from '../config/bot-settings.ts'
import { openBotDatabase } from '../store/bot-database.ts'
import { tempFolder } from '../temp-folder.test-kit.ts'
import { BOT_TOOL_NAMES } from '../tools/bot-tools.ts'
import type { Entry, EntryOf } from '../view/entry.ts'
import type { Incoming, Place } from './bot.ts'
import { createBot, type RunningBot } from './create-bot.ts'

export interface TestBot extends RunningBot {
  readonly folder: string
  readonly lines: readonly RecordedLine[]
  /** Says something as a person of the test channel, at a place. */
  readonly say: (text: string, options?: SayOptions) => Promise<Entry>
  /** Does a command as a person, at a place. */
  readonly command: (line: string, options?: Pick<SayOptions, 'by' | 'place' | 'guild'>) => Promise<string>
  readonly entries: (place?: string) => readonly Entry[]
  /** Waits until so many answers are there, and gives them. */
  readonly answers: (count: number, place?: string) => Promise<readonly EntryOf<'answer'>[]>
  /** Waits for a question that is open. */
  readonly question: (place?: string) => Promise<EntryOf<'question'>>
}

interface SayOptions {
  readonly by?: string
  readonly place?: string
  readonly guild?: string
  readonly messageId?: string
  readonly files?: Incoming['files']
}

export interface TestBotOptions {
  readonly model: Model
  /** Where an earlier bot kept its things. @default a new one */
  readonly folder?: string
  readonly settings?: Partial<BotSettings>
  readonly channel?: Channel
  readonly clock?: Clock
}

/** Settings of a bot whose people write from a channel `test`; its owner is `test:owner`. */
export function testSettings(folder: string, change: Partial<BotSettings> = {}): BotSettings {
  return {
    configFile: join(folder, 'bot.config.ts'),
    dataFolder: folder,
    owners: ['test:owner'],
    models: { tiers: {}, providers: {} },
    isDemo: false,
    web: { isEnabled: false, port: 0 },
    terminal: { isEnabled: false },
    discord: { channels: [], people: [] },
    agents: builtInAgents.map((agent) => ({ tier: 'fast', tools: BOT_TOOL_NAMES, ...agent })),
    skills: { folders: [], trustedDigests: [] },
    budget: { perPerson: [{ window: 'day', tokens: 10_000_000 }], extraTokens: 50_000 },
    approvals: { ttlMinutes: 30, askFor: [] },
    attachments: { maxFileBytes: 1_000_000, maxFiles: 4 },
    runs: { concurrency: 8, maxSteps: 25, timeoutMinutes: 10 },
    keepDays: 90,
    timeZone: 'Europe/Oslo',
    secrets: [],
    ...change,
  }
}

export async function testBot(options: TestBotOptions): Promise<TestBot> {
  const { model, folder, settings, channel = logChannel(), clock } = options
  const dataFolder = folder ?? tempFolder()
  const logger = recordingLogger()
  const time = clock === undefined ? {} : { clock }
  const all = { settings: testSettings(dataFolder, settings), channels: [channel], model, logger, ...time }
  const running = await createBot(all)
  let closing: Promise<void> | undefined
  const close: RunningBot['close'] = (how) => (closing ??= running.close(how))
  // Its folder goes after it, and a test that fails leaves no bot to the next one.
  onTestFinished(() => close({ graceMs: 0 }))
  const { bot } = running
  const at = (place: string, guild?: string): Place => {
    return { channel: channel.name, place, ...(guild !== undefined && { guild }) }
  }
  const personOf = (by: string) => ({ id: `test:${by}`, name: by })
  const entries = (place = 'room') => bot.snapshot(bot.conversationAt(at(place)).id, { limit: 1_000 })!.entries
  let messages = 0
  return {
    ...running,
    close,
    folder: dataFolder,
    lines: logger.lines,
    entries,
    async say(text, { by = 'ann', place = 'room', guild, messageId, files = [] } = {}) {
      const id = messageId ?? `${dataFolder}-${Date.now()}-${++messages}`
      return (await bot.say({ person: personOf(by), at: at(place, guild), messageId: id, text, files })).entry
    },
    command: (line, { by = 'ann', place = 'room', guild } = {}) =>
      bot.command(line, { person: personOf(by), at: at(place, guild) }),
    answers: (count, place) =>
      vi.waitFor(() => {
        const answers = entries(place).filter((entry) => entry.kind === 'answer')
        if (answers.length < count)
          throw new Error(`${answers.length} of ${count} answers: ${JSON.stringify([logger.lines, entries(place)])}`)
        return answers
      }, WAIT),
    question: (place) =>
      vi.waitFor(() => {
        const question = entries(place).find((entry) => entry.kind === 'question' && entry.outcome === undefined)
        if (question?.kind !== 'question')
          throw new Error(`no question is open: ${JSON.stringify([logger.lines, entries(place)])}`)
        return question
      }, WAIT),
  }
}

/** Changes what a bot that is closed has kept, and gives what a query finds. */
export function withDatabase<T>(folder: string, work: (db: ReturnType<typeof openBotDatabase>) => T): T {
  const db = openBotDatabase(join(folder, 'bot.db'))
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** The entries in short: `ann: Hello (answered)`, `= Hi.`, `? May …`. */
export function inShort(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => {
    if (entry.kind === 'said') return `${entry.author.name}: ${entry.text} (${entry.state})`
    if (entry.kind === 'answer') return `${entry.outcome === 'ok' ? '=' : entry.outcome} ${entry.text}`.trim()
    return entry.kind === 'question' ? `? ${entry.outcome ?? 'open'}` : `! ${entry.text}`
  })
}

const WAIT = { timeout: 4_000, interval: 5 }

/** A channel whose people read the log. */
export function logChannel(): Channel {
  return { name: 'test', open: async () => {}, close: async () => {} }
}

export interface SentPart {
  readonly place: string
  readonly part: Part
  readonly key: string
}

/** A channel that is sent to, and remembers; `fail` says what becomes of a part before it is remembered. */
export function sendingChannel(fail: (sent: SentPart, count: number) => void | Promise<void> = () => {}): Channel & {
  readonly sent: SentPart[]
  readonly updated: { readonly messageId: string; readonly part: Part }[]
} {
  const sent: SentPart[] = []
  const updated: { readonly messageId: string; readonly part: Part }[] = []
  let tries = 0
  return {
    ...logChannel(),
    sent,
    updated,
    outlet: {
      partsOf(entry) {
        if (entry.kind === 'answer') return entry.text.split('\n---\n').map((text) => ({ text }))
        if (entry.kind === 'question') return [{ text: `${entry.title} ${entry.outcome ?? ''}`.trim() }]
        return entry.kind === 'notice' ? [{ text: entry.text }] : []
      },
      async send(place, part, { key }) {
        await fail({ place, part, key }, ++tries)
        sent.push({ place, part, key })
        return `m${sent.length}`
      },
      async update(_place, messageId, part) {
        updated.push({ messageId, part })
      },
    },
  }
}
