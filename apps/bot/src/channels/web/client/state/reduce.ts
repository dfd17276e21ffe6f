import type { ConversationEvent } from '../../../../view/conversation.ts'
import type { Entry } from '../../../../view/entry.ts'
import type { Action } from './action.ts'
import { announcementOf } from './announcement.ts'
import { withLive, withLiveText } from './live.ts'
import type { Aside, Home, Pending, State } from './state.ts'

/** The page after something has happened. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'home':
      return { ...state, home: action.home }
    case 'link':
      if (state.link === action.link) return state
      // What was pressed while the bot was away may be pressed again.
      return { ...state, link: action.link, ...(action.link === 'open' && { decisions: withoutOpen(state.decisions) }) }
    case 'open':
      if (state.conversationId === action.conversationId) return state
      return { ...state, conversationId: action.conversationId, view: undefined, announcement: '' }
    case 'snapshot': {
      const { conversation } = action.snapshot
      if (conversation.id !== state.conversationId) return state
      return withConversation({ ...state, view: { ...action.snapshot, toolStarts: {} } }, conversation)
    }
    case 'change':
      return action.conversationId === state.conversationId ? changed(state, action.event, action.atMs) : state
    case 'earlier': {
      const { view } = state
      if (view === undefined || action.conversationId !== state.conversationId) return state
      const first = view.entries[0]?.id ?? Number.POSITIVE_INFINITY
      const entries = [...action.entries.filter(({ id }) => id < first), ...view.entries]
      return { ...state, view: { ...view, entries, hasEarlier: action.hasEarlier } }
    }
    case 'written':
      return { ...state, pending: [...state.pending, action.pending] }
    case 'not-sent':
      return { ...state, pending: state.pending.map((one) => (one.id === action.id ? tried(one, action) : one)) }
    case 'pending-end': {
      const pending = state.pending.filter(({ id }) => id !== action.id)
      return withEntry({ ...state, pending }, action.entry)
    }
    case 'aside': {
      const { id, shown } = action.aside
      const asides = replaced(state.asides, action.aside, (one) => one.id === id)
      return { ...state, asides, ...(shown !== undefined && { announcement: announcementOf(shown) }) }
    }
    case 'aside-end':
      return { ...state, asides: state.asides.filter(({ id }) => id !== action.id) }
    case 'decision': {
      const decisions = { ...state.decisions, [action.questionId]: action.decision }
      const { message } = action.decision
      const announcement = message === undefined ? state.announcement : announcementOf(message)
      return withEntry({ ...state, decisions, announcement }, action.entry)
    }
  }
}

/** What was written in this conversation and is not among its entries yet, with what the bot has told of already left out. */
export function pendingOf(state: State): readonly Pending[] {
  const said = state.view?.entries.filter(({ kind }) => kind === 'said') ?? []
  return state.pending.filter((one) => {
    if (one.conversationId !== state.conversationId) return false
    // The entry may come by the stream before the answer to the request does.
    const isThere = said.some((entry) => entry.id > one.afterId && entry.kind === 'said' && entry.text === one.text)
    return !(isThere && one.state === 'sending')
  })
}

export function asidesOf(state: State): readonly Aside[] {
  return state.asides.filter(({ conversationId }) => conversationId === state.conversationId)
}

function changed(state: State, event: ConversationEvent, atMs: number): State {
  const { view } = state
  if (view === undefined) return state
  switch (event.type) {
    case 'entry': {
      const isNew = !view.entries.some(({ id }) => id === event.entry.id)
      const announcement = isNew ? announcementOf(event.entry) : ''
      return withEntry(announcement === '' ? state : { ...state, announcement }, event.entry)
    }
    case 'live':
      return { ...state, view: withLive(view, event.live, atMs) }
    case 'live-text':
      return { ...state, view: withLiveText(view, event) }
    case 'live-end':
      return { ...state, view: { ...view, live: view.live.filter(({ runId }) => runId !== event.runId) } }
    case 'conversation':
      return withConversation({ ...state, view: { ...view, conversation: event.conversation } }, event.conversation)
  }
}

function withEntry(state: State, entry: Entry | undefined): State {
  const { view } = state
  if (view === undefined || entry === undefined || entry.conversationId !== state.conversationId) return state
  const entries = replaced(view.entries, entry, ({ id }) => id === entry.id)
  // A new one is nearly always the newest.
  const isInOrder = entries.length < 2 || entries.at(-2)!.id < entries.at(-1)!.id
  return { ...state, view: { ...view, entries: isInOrder ? entries : entries.toSorted((a, b) => a.id - b.id) } }
}

function withConversation(state: State, conversation: Home['conversations'][number]): State {
  const { home } = state
  if (home === undefined) return state
  const isListed = home.conversations.some(({ id }) => id === conversation.id)
  const conversations = isListed
    ? home.conversations.map((one) => (one.id === conversation.id ? conversation : one))
    : [conversation, ...home.conversations]
  return { ...state, home: { ...home, conversations } }
}

function withoutOpen(decisions: State['decisions']): State['decisions'] {
  return Object.fromEntries(Object.entries(decisions).filter(([, decision]) => decision.state !== 'open'))
}

function tried(pending: Pending, { state, problem }: Extract<Action, { readonly type: 'not-sent' }>): Pending {
  const { problem: _before, ...rest } = pending
  return { ...rest, state, ...(problem !== undefined && { problem }) }
}

/** With `item` in the place of the one that `isIt`, or at the end. */
function replaced<T>(items: readonly T[], item: T, isIt: (one: T) => boolean): readonly T[] {
  const index = items.findIndex(isIt)
  return index < 0 ? [...items, item] : items.with(index, item)
}
