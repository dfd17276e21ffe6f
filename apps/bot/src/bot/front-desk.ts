import type { Clock, Ids } from '@executus/core'
import type { SqliteFileStore } from '@executus/store-sqlite'

import { takeFiles } from '../attachments/take-files.ts'
import { type CommandOptions, doCommand } from '../commands/commands.ts'
import type { BotSettings } from '../config/bot-settings.ts'
import { cut } from '../text/cut.ts'
import { oneLine } from '../text/one-line.ts'
import type { Conversation } from '../view/conversation.ts'
import type { KeptFile } from '../view/entry.ts'
import type { Asker, Bot, Incoming, IncomingFile, Place } from './bot.ts'
import type { Feed } from './feed.ts'
import type { QuestionDesk } from './questions/question-desk.ts'

export interface FrontDeskOptions extends Omit<CommandOptions, 'conversationOf' | 'newConversation' | 'timeZone'> {
  readonly settings: BotSettings
  readonly questions: QuestionDesk
  readonly files: SqliteFileStore
  readonly feed: Feed
  readonly about: Bot['about']
  readonly clock: Clock
  readonly ids: Ids
  /** Ends the reading of files: a message is kept with what is there by then. */
  readonly signal: AbortSignal
}

export interface FrontDesk {
  readonly bot: Bot
  /** Resolves when all that was said is kept, or was refused. */
  readonly idle: () => Promise<void>
}

const UNTITLED = 'New conversation'
const LONGEST_TITLE = 60
const PAGE = 100

/** The bot as its channels see it. */
export function frontDesk(options: FrontDeskOptions): FrontDesk {
  const { stores, log, live, cast, runs, files, feed, settings, clock, ids, questions, about, signal } = options
  /** Messages that are being read, so that one which comes twice at once is taken once. */
  const incoming = new Map<string, ReturnType<Bot['say']>>()

  const newConversation = ({ channel, place, guild }: Place): Conversation => {
    const id = ids.next()
    const now = clock.now()
    const where = { channel, place: channel === 'web' ? id : place, ...(guild !== undefined && { guild }) }
    const conversation = { id, ...where, title: UNTITLED, agent: cast.first, createdAtMs: now, updatedAtMs: now }
    stores.conversations.add(conversation)
    return conversation
  }
  const conversationAt = (place: Place): Conversation =>
    stores.conversations.newestAt(place.channel, place.place) ?? newConversation(place)
  const conversationOf = ({ conversationId, at }: Asker): Conversation => {
    const known = conversationId === undefined ? undefined : stores.conversations.find(conversationId)
    return known ?? conversationAt(at)
  }

  const take = async (message: Incoming): ReturnType<Bot['say']> => {
    const onceKey = `said:${message.at.channel}:${message.messageId}`
    const before = stores.entries.ofKey(onceKey)
    if (before !== undefined) {
      // It may have been kept without its run being begun.
      runs.advance(before.conversationId)
      return { isNew: false, conversationId: before.conversationId, entry: stores.entries.find(before.id)! }
    }
    const { maxFileBytes, maxFiles } = settings.attachments
    const given = (message.files ?? []).map((file) => readUntil(signal, file))
    const { taken, skipped } = await takeFiles(given, { maxFileBytes, maxFiles })
    const conversation = conversationOf(message)
    const kept: KeptFile[] = []
    for (const { label, mediaType, bytes } of taken) {
      const source = { base64: Buffer.from(bytes).toString('base64') }
      // Of no run yet: the one that takes the message reads it from here.
      const run = { runId: `message:${onceKey}`, caller: message.person.id }
      const { name } = await files.save({ run, name: label, mediaType, source })
      kept.push({ name, label, mediaType, size: bytes.length })
    }
    const { person: author, text } = message
    const body = { kind: 'said', author, text, files: kept, skipped, state: 'waiting' } as const
    const { entry, isNew } = log.write((writer) => {
      if (conversation.title === UNTITLED && text.trim() !== '') writer.rename(conversation.id, titleOf(text))
      return writer.add({ conversationId: conversation.id, body, onceKey })
    })
    runs.advance(conversation.id)
    return { isNew, conversationId: conversation.id, entry: stores.entries.find(entry.id)! }
  }

  const bot: Bot = {
    about,
    say(message) {
      const key = `${message.at.channel}:${message.messageId}`
      const work = incoming.get(key) ?? take(message).finally(() => incoming.delete(key))
      incoming.set(key, work)
      return work
    },
    command: (line, from) =>
      doCommand(
        {
          ...options,
          timeZone: settings.timeZone,
          conversationOf,
          newConversation: (asker) => newConversation(asker.at),
        },
        line,
        from,
      ),
    decide: (questionId, choice, by) => questions.decide(questionId, choice, by),
    conversationAt,
    newConversation,
    conversations: (channel, limit) => stores.conversations.list(channel, limit),
    snapshot(conversationId, { before = Number.MAX_SAFE_INTEGER, limit = PAGE } = {}) {
      const conversation = stores.conversations.find(conversationId)
      if (conversation === undefined) return undefined
      const entries = stores.entries.page(conversationId, before, limit + 1)
      return {
        conversation,
        entries: entries.slice(-limit),
        hasEarlier: entries.length > limit,
        live: live.of(conversationId),
      }
    },
    watch: (conversationId, listener) => feed.watch(conversationId, listener),
    async stop(conversationId, by) {
      return (await runs.stop(conversationId, by)).stopped > 0
    },
    agents: (by) => cast.choices(cast.viewerOf(by.id, undefined)),
    async file(name) {
      const file = await files.read(name)
      return file && { mediaType: file.mediaType, label: file.originalName ?? name, bytes: file.bytes }
    },
  }
  return {
    bot,
    async idle() {
      while (incoming.size > 0) await Promise.allSettled(incoming.values())
    },
  }
}

/** A file that is not there any more once the signal has aborted. */
function readUntil(signal: AbortSignal, file: IncomingFile): IncomingFile {
  const { label, size } = file
  return {
    label,
    size,
    async read(options) {
      signal.throwIfAborted()
      let onAbort = () => {}
      const stopped = new Promise<never>((_resolve, reject) => {
        onAbort = () => reject(signal.reason as Error)
        signal.addEventListener('abort', onAbort, { once: true })
      })
      return Promise.race([file.read(options), stopped]).finally(() => signal.removeEventListener('abort', onAbort))
    },
  }
}

function titleOf(text: string): string {
  return cut(oneLine(text), LONGEST_TITLE)
}
