import { html } from 'htm/preact'
import { h, type RefObject, type VNode } from 'preact'

import type { Chat } from '../chat.ts'
import type { ConversationView, Home } from '../state/state.ts'
import { AgentSwitch } from './agent-switch.ts'
import { icon } from './icon.ts'

export interface HeaderProps {
  readonly chat: Chat
  readonly home: Home | undefined
  readonly view: ConversationView | undefined
  readonly isWorking: boolean
  readonly menuButton: RefObject<HTMLButtonElement | null>
  readonly onMenu: () => void
}

/** Names the conversation, and who answers in it. */
export function Header({ chat, home, view, isWorking, menuButton, onMenu }: HeaderProps): VNode {
  const isAsking = view?.entries.some((entry) => entry.kind === 'question' && entry.outcome === undefined) === true
  return html`<header class="header">
    <button type="button" ref=${menuButton} class="quiet round menu" aria-label="Conversations" onClick=${onMenu}>
      ${icon('menu')}
    </button>
    <h1 class="title">${view?.conversation.title ?? ' '}</h1>
    ${isWorking && badge('Working', '')} ${!isWorking && isAsking && badge('Waits for you', 'badge-asking')}
    ${view !== undefined && h(AgentSwitch, { chat, agents: home?.agents ?? [], agent: view.conversation.agent })}
  </header>`
}

function badge(words: string, name: string): VNode {
  return html`<span class=${`badge ${name}`}><span class="pulse" aria-hidden="true"></span><span>${words}</span></span>`
}
