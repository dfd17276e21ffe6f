import type { Clock } from '@executus/core'

import type { Outlet, Part } from '../channel/channel.ts'
import type { NewEntry } from '../store/entry-store.ts'
import type { Stores } from '../store/stores.ts'
import type { Conversation, ConversationEvent } from '../view/conversation.ts'
import type { Entry, EntryBody, SaidEntry } from '../view/entry.ts'
import type { Feed } from './feed.ts'

export interface LogOptions {
  readonly stores: Stores
  readonly feed: Feed
  /** By channel; those without one have their people read the log. */
  readonly outlets: ReadonlyMap<string, Outlet>
  readonly clock: Clock
}

/** What people see: written in one piece, with what goes out of it, and told when it is kept. */
export class Log {
  readonly #options: LogOptions
  /** Called when something is to go out. */
  onOutgoing: () => void = () => {}
  /** Called when an entry that may have gone out has changed. */
  onChanged: (entry: Entry) => void = () => {}
  /** Called when people are asked something: it will expire. */
  onQuestion: () => void = () => {}

  constructor(options: LogOptions) {
    this.#options = options
  }

  /** Does `work` as one: all of it is kept, or nothing. What it throws undoes it. */
  write<T>(work: (writer: LogWriter) => T): T {
    const { stores, feed } = this.#options
    const writer = new LogWriter(this.#options)
    const result = stores.atomically(() => work(writer))
    for (const { conversationId, event } of writer.told) feed.tell(conversationId, event)
    for (const entry of writer.changed) this.onChanged(entry)
    if (writer.hasOutgoing) this.onOutgoing()
    if (writer.hasQuestion) this.onQuestion()
    return result
  }
}

/** One piece of writing. */
export class LogWriter {
  readonly told: { readonly conversationId: string; readonly event: ConversationEvent }[] = []
  readonly changed: Entry[] = []
  hasOutgoing = false
  hasQuestion = false
  readonly #options: LogOptions

  constructor(options: LogOptions) {
    this.#options = options
  }

  /** Adds an entry; one whose key is there already is not added, and given. */
  add(fresh: Omit<NewEntry, 'atMs'>): { readonly entry: Entry; readonly isNew: boolean } {
    const { stores, clock } = this.#options
    const conversation = stores.conversations.find(fresh.conversationId)!
    const outlet = this.#options.outlets.get(conversation.channel)
    const { entry: added, isNew } = stores.entries.add({ ...fresh, atMs: clock.now() })
    if (!isNew) return { entry: added, isNew }
    const parts = outlet?.partsOf(added) ?? []
    const isSent = parts.length > 0 && fresh.body.kind === 'answer'
    const entry = isSent ? stores.entries.change(added.id, { ...fresh.body, delivery: 'waiting' }) : added
    stores.conversations.touch(conversation.id, entry.atMs)
    this.#tell(entry)
    this.hasQuestion ||= entry.kind === 'question'
    this.#send(conversation, entry, parts)
    return { entry, isNew }
  }

  change(id: number, body: EntryBody): Entry {
    const entry = this.#options.stores.entries.change(id, body)
    this.#tell(entry)
    this.changed.push(entry)
    return entry
  }

  /** What became of something that a person said. */
  setSaid(id: number, state: SaidEntry['state'], runId?: string): void {
    const { entries } = this.#options.stores
    entries.setSaid(id, state, runId)
    this.#tell(entries.find(id)!)
  }

  rename(conversationId: string, title: string): void {
    this.#options.stores.conversations.rename(conversationId, title)
    this.#tellConversation(conversationId)
  }

  switchAgent(conversationId: string, agent: string): void {
    this.#options.stores.conversations.switchAgent(conversationId, agent)
    this.#tellConversation(conversationId)
  }

  #send({ channel, place }: Conversation, entry: Entry, parts: readonly Part[]): void {
    for (const [index, part] of parts.entries()) {
      const fresh = { entryId: entry.id, number: index + 1, channel, place, part, state: 'waiting' as const }
      this.#options.stores.parts.add(fresh)
      this.hasOutgoing = true
    }
  }

  #tell(entry: Entry): void {
    this.told.push({ conversationId: entry.conversationId, event: { type: 'entry', entry } })
  }

  #tellConversation(conversationId: string): void {
    const conversation = this.#options.stores.conversations.find(conversationId)!
    this.told.push({ conversationId, event: { type: 'conversation', conversation } })
  }
}
