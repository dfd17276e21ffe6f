import type { Conversation, ConversationEvent, Snapshot } from '../view/conversation.ts'
import type { Entry, EntryBody } from '../view/entry.ts'
import type { LiveRun } from '../view/live-run.ts'
import type { Asker, Bot, Decided, Incoming, Place } from './bot.ts'

/** A bot in memory, for tests of channels: it remembers what it is told, and a test says what happens. */
export interface FakeBot extends Bot {
  readonly said: Incoming[]
  readonly commands: { readonly line: string; readonly from: Asker }[]
  readonly decisions: { readonly questionId: string; readonly choice: string; readonly by: string }[]
  readonly stopped: string[]
  /** What `decide` gives next. @default taken */
  decided: Decided
  /** Files that `file` gives, by name. */
  readonly files: Map<string, { mediaType: string; label: string; bytes: Uint8Array }>
  /** Adds an entry, or puts one in the place of that with its id. */
  show(conversationId: string, body: EntryBody, place?: { readonly id?: number; readonly runId?: string }): Entry
  /** Tells those who watch; runs that are told of are in snapshots, with their text. */
  tell(conversationId: string, event: ConversationEvent): void
  /** How many watch it. */
  watchers(conversationId: string): number
}

export function fakeBot(about: Partial<Bot['about']> = {}): FakeBot {
  const conversations: Conversation[] = []
  const entries: Entry[] = []
  const live = new Map<string, { readonly conversationId: string; readonly run: LiveRun }>()
  const listeners = new Map<string, Set<(event: ConversationEvent) => void>>()
  const seen = new Map<string, Entry>()
  let nextId = 1

  const tell = (conversationId: string, event: ConversationEvent): void => {
    if (event.type === 'live') live.set(event.live.runId, { conversationId, run: event.live })
    if (event.type === 'live-end') live.delete(event.runId)
    const one = event.type === 'live-text' ? live.get(event.runId) : undefined
    if (event.type === 'live-text' && one !== undefined)
      live.set(event.runId, { conversationId, run: more(one.run, event) })
    for (const listener of listeners.get(conversationId) ?? []) listener(event)
  }
  const begin = ({ channel, place, guild }: Place): Conversation => {
    const id = `c${conversations.length + 1}`
    const at = { title: 'New conversation', agent: 'assistant', createdAtMs: 0, updatedAtMs: 0 }
    const where = { channel, place: channel === 'web' ? id : place, ...(guild !== undefined && { guild }) }
    const conversation = { id, ...where, ...at }
    conversations.push(conversation)
    return conversation
  }
  const show: FakeBot['show'] = (conversationId, body, { id = nextId++, runId } = {}) => {
    const entry: Entry = { ...body, id, conversationId, atMs: id * 1_000, ...(runId !== undefined && { runId }) }
    const index = entries.findIndex((one) => one.id === id)
    if (index < 0) entries.push(entry)
    else entries[index] = entry
    tell(conversationId, { type: 'entry', entry })
    return entry
  }
  const at = ({ channel, place }: Place): Conversation | undefined =>
    conversations.findLast((one) => one.channel === channel && one.place === place)

  const bot: FakeBot = {
    said: [],
    commands: [],
    decisions: [],
    stopped: [],
    decided: { isTaken: true, message: 'Approved.' },
    files: new Map(),
    show,
    tell,
    watchers: (conversationId) => listeners.get(conversationId)?.size ?? 0,
    async say(message) {
      const conversationId = message.conversationId ?? (at(message.at) ?? begin(message.at)).id
      const before = seen.get(message.messageId)
      if (before !== undefined) return { isNew: false, conversationId, entry: before }
      bot.said.push(message)
      const { person: author, text } = message
      const entry = show(conversationId, { kind: 'said', author, text, files: [], skipped: [], state: 'taken' })
      seen.set(message.messageId, entry)
      return { isNew: true, conversationId, entry }
    },
    async command(line, from) {
      bot.commands.push({ line, from })
      return `Did \`${line}\`.`
    },
    async decide(questionId, choice, by) {
      bot.decisions.push({ questionId, choice, by: by.id })
      return bot.decided
    },
    conversationAt: (place) => at(place) ?? begin(place),
    newConversation: begin,
    conversations: (channel, limit) => conversations.filter((one) => one.channel === channel).slice(0, limit),
    snapshot(conversationId, { before = Number.POSITIVE_INFINITY, limit = 100 } = {}) {
      const conversation = conversations.find(({ id }) => id === conversationId)
      if (conversation === undefined) return undefined
      const all = entries.filter((entry) => entry.conversationId === conversationId && entry.id < before)
      const runs = [...live.values()].filter((one) => one.conversationId === conversationId).map(({ run }) => run)
      const snapshot: Snapshot = {
        conversation,
        entries: all.slice(-limit),
        hasEarlier: all.length > limit,
        live: runs,
      }
      return snapshot
    },
    watch(conversationId, listener) {
      const all = listeners.get(conversationId) ?? new Set()
      listeners.set(conversationId, all.add(listener))
      return () => all.delete(listener)
    },
    async stop(conversationId) {
      bot.stopped.push(conversationId)
      return [...live.values()].some((one) => one.conversationId === conversationId)
    },
    agents: () => Promise.resolve([{ name: 'assistant', description: 'Helps.', isBuiltIn: true }]),
    file: (name) => Promise.resolve(bot.files.get(name)),
    about: { isDemo: false, models: 'scripted/fake', suggestions: ['What can you do?'], ...about },
  }
  return bot
}

function more(run: LiveRun, { step, text }: Extract<ConversationEvent, { type: 'live-text' }>): LiveRun {
  const last = run.trail.at(-1)
  if (last?.type !== 'text' || last.step !== step)
    return { ...run, trail: [...run.trail, { type: 'text', step, text }] }
  return { ...run, trail: [...run.trail.slice(0, -1), { ...last, text: last.text + text }] }
}
