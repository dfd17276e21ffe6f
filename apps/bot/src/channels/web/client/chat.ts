import { conversationOfAddress, showInAddress } from './conversation-address.ts'
import type { Action } from './state/action.ts'
import { reduce } from './state/reduce.ts'
import { INITIAL_STATE, newestId, type Pending, type State } from './state/state.ts'
import {
  type Answer,
  beginConversation,
  decide,
  getEarlier,
  getHome,
  type Message,
  sendMessage,
  type Sent,
  stopRuns,
} from './wire/api.ts'
import { followConversation } from './wire/follow-conversation.ts'
import { Outbox } from './wire/outbox.ts'
import { waitMs } from './wire/wait.ts'

/** What the page does: it holds the state, asks the bot, and tells those who show it. */
export class Chat {
  #state = INITIAL_STATE
  #unfollow: (() => void) | undefined
  #isEarlierAsked = false
  readonly #onState: (state: State) => void
  readonly #outbox: Outbox

  constructor(onState: (state: State) => void) {
    this.#onState = onState
    this.#outbox = new Outbox({
      send: sendMessage,
      onSent: (message, sent) => this.#sent(message, sent),
      onState: ({ id }, state, problem) =>
        this.#tell({ type: 'not-sent', id, state, ...(problem !== undefined && { problem }) }),
    })
  }

  /** Shows the conversation of the address, or the newest, or a new one; waits for a bot that is away. */
  async start(): Promise<void> {
    addEventListener('hashchange', () => this.open(conversationOfAddress()))
    // Conversations go on without being watched: jobs answer in them.
    addEventListener('focus', () => void this.#refreshHome())
    for (let failures = 1; !(await this.#begun()); failures++) {
      this.#tell({ type: 'link', link: 'away' })
      await new Promise((resolve) => setTimeout(resolve, waitMs(failures)))
    }
  }

  /** @param conversationId the newest where it is not given */
  open(conversationId: string | undefined): void {
    const id = conversationId ?? this.#state.home?.conversations[0]?.id
    if (id === undefined) return void this.begin()
    if (id === this.#state.conversationId) return showInAddress(id)
    this.#unfollow?.()
    this.#tell({ type: 'open', conversationId: id })
    showInAddress(id)
    this.#unfollow = followConversation(id, {
      onSnapshot: (snapshot) => {
        const wasAway = this.#state.link === 'away'
        this.#tell({ type: 'snapshot', snapshot })
        this.#tell({ type: 'link', link: 'open' })
        this.#outbox.hurry()
        if (wasAway) void this.#refreshHome()
      },
      onChange: (event) => {
        this.#tell({ type: 'change', conversationId: id, event, atMs: Date.now() })
        // A run may have made an agent.
        if (event.type === 'entry' && event.entry.kind === 'answer') void this.#refreshHome()
      },
      onAway: () => this.#tell({ type: 'link', link: 'away' }),
      onGone: () => void this.#leave(id),
    })
  }

  /** Begins a conversation, and shows it. */
  async begin(): Promise<void> {
    const answer = await beginConversation()
    if (answer.outcome !== 'ok') return
    await this.#refreshHome()
    this.open(answer.value.id)
  }

  /** Says something, or does a command: what begins with a slash and brings no file. */
  say(text: string, files: readonly File[] = []): void {
    const { conversationId } = this.#state
    if (conversationId === undefined) return
    if (text.startsWith('/') && files.length === 0) return void this.command(text)
    const message: Message = { id: crypto.randomUUID(), conversationId, text, files }
    const pending: Pending = { ...message, afterId: newestId(this.#state), state: 'sending' }
    this.#tell({ type: 'written', pending })
    this.#outbox.add(message)
  }

  /** Sends a message again that the bot did not take, under its id. */
  sayAgain({ id, conversationId, text, files }: Pending): void {
    this.#tell({ type: 'not-sent', id, state: 'sending' })
    this.#outbox.add({ id, conversationId, text, files })
  }

  forget(id: string): void {
    this.#tell({ type: 'pending-end', id })
    this.#tell({ type: 'aside-end', id })
  }

  async decide(questionId: string, choice: string): Promise<void> {
    if (this.#state.decisions[questionId]?.state === 'sending') return
    this.#tell({ type: 'decision', questionId, decision: { choice, state: 'sending' } })
    const answer = await decide(questionId, choice)
    if (answer.outcome === 'ok') {
      const { isTaken, message, entry } = answer.value
      const decision = { choice, state: isTaken ? 'taken' : 'open', message } as const
      return this.#tell({ type: 'decision', questionId, decision, ...(entry !== undefined && { entry }) })
    }
    const message = answer.outcome === 'away' ? 'The bot is away. Press again when it is back.' : answer.problem
    this.#tell({ type: 'decision', questionId, decision: { choice, state: 'open', message } })
  }

  /** Ends what is under way. Gives whether the bot has heard it. */
  async stop(): Promise<boolean> {
    const { conversationId } = this.#state
    if (conversationId === undefined) return false
    return (await stopRuns(conversationId)).outcome === 'ok'
  }

  async showEarlier(): Promise<void> {
    const { conversationId, view } = this.#state
    const first = view?.entries[0]
    if (conversationId === undefined || first === undefined || this.#isEarlierAsked) return
    this.#isEarlierAsked = true
    const answer = await getEarlier(conversationId, first.id)
    this.#isEarlierAsked = false
    if (answer.outcome === 'ok') this.#tell({ type: 'earlier', conversationId, ...answer.value })
  }

  /** Does a command, and shows its answer here alone. */
  async command(line: string): Promise<void> {
    const { conversationId } = this.#state
    if (conversationId === undefined) return
    const aside = { id: crypto.randomUUID(), conversationId, afterId: newestId(this.#state), line }
    this.#tell({ type: 'aside', aside })
    const answer = await sendMessage({ id: aside.id, conversationId, text: line, files: [] })
    if (answer.outcome === 'ok') {
      if ('shown' in answer.value) this.#tell({ type: 'aside', aside: { ...aside, shown: answer.value.shown } })
      else this.#tell({ type: 'aside-end', id: aside.id })
      // It may have made an agent, or a conversation: `/new`.
      const before = new Set(this.#state.home?.conversations.map(({ id }) => id))
      await this.#refreshHome()
      const made = this.#state.home?.conversations.find(({ id }) => !before.has(id))
      if (made !== undefined && line.startsWith('/new')) this.open(made.id)
      return
    }
    // Never tried again by itself: to do a command twice may be another thing than once.
    this.#tell({ type: 'aside', aside: { ...aside, problem: problemOf(answer) } })
  }

  /** Has another agent answer. The conversation itself tells that it does; only what went wrong is shown beside it. */
  async switchAgent(name: string): Promise<void> {
    const { conversationId } = this.#state
    if (conversationId === undefined) return
    const line = `/agent ${name}`
    const aside = { id: crypto.randomUUID(), conversationId, afterId: newestId(this.#state), line }
    const answer = await sendMessage({ id: aside.id, conversationId, text: line, files: [] })
    await this.#refreshHome()
    const conversation = this.#state.home?.conversations.find(({ id }) => id === conversationId)
    if (answer.outcome !== 'ok') this.#tell({ type: 'aside', aside: { ...aside, problem: problemOf(answer) } })
    else if (conversation?.agent !== name && 'shown' in answer.value)
      this.#tell({ type: 'aside', aside: { ...aside, shown: answer.value.shown } })
  }

  #sent({ id }: Message, sent: Sent): void {
    this.#tell({ type: 'pending-end', id, ...('entry' in sent && { entry: sent.entry }) })
    void this.#refreshHome()
  }

  async #begun(): Promise<boolean> {
    if (!(await this.#refreshHome())) return false
    const id = conversationOfAddress() ?? this.#state.home?.conversations[0]?.id
    if (id === undefined) await this.begin()
    else this.open(id)
    return this.#state.conversationId !== undefined
  }

  /** From a conversation that is not there to the newest. */
  async #leave(id: string): Promise<void> {
    await this.#refreshHome()
    const conversations = this.#state.home?.conversations ?? []
    const other = conversations.find((one) => one.id !== id)
    if (other === undefined) await this.begin()
    else this.open(other.id)
  }

  async #refreshHome(): Promise<boolean> {
    const answer = await getHome()
    if (answer.outcome === 'ok') this.#tell({ type: 'home', home: answer.value })
    return answer.outcome === 'ok'
  }

  #tell(action: Action): void {
    const state = reduce(this.#state, action)
    if (state === this.#state) return
    this.#state = state
    this.#onState(state)
  }
}

function problemOf(answer: Exclude<Answer<unknown>, { readonly outcome: 'ok' }>): string {
  return answer.outcome === 'away' ? 'The bot is away. Ask again when it is back.' : answer.problem
}
