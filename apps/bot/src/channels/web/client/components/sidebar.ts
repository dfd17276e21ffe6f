import { html } from 'htm/preact'
import { h, type VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

import type { Home } from '../state/state.ts'
import { icon } from './icon.ts'
import { whenText } from './measure.ts'

export interface SidebarProps {
  readonly home: Home | undefined
  readonly conversationId: string | undefined
  /** On a narrow screen it lies over the conversation. */
  readonly isDrawer: boolean
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onOpen: (conversationId: string) => void
  readonly onBegin: () => void
}

/** The conversations. */
export function Sidebar(props: SidebarProps): VNode {
  const { home, conversationId, isDrawer, isOpen, onClose, onOpen, onBegin } = props
  const firstButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isDrawer && isOpen) firstButton.current?.focus()
  }, [isDrawer, isOpen])

  const onKeyDown = (event: KeyboardEvent) => {
    if (isDrawer && event.key === 'Escape') onClose()
  }
  return html`<aside
    class=${`sidebar${isOpen ? ' sidebar-open' : ''}`}
    inert=${!isOpen}
    aria-label="Conversations"
    onKeyDown=${onKeyDown}
  >
    <div class="sidebar-head">
      <span class="brand"><img src="/assets/client/icon.svg" alt="" width="24" height="24" />executus</span>
      ${
        isDrawer &&
        html`<button type="button" class="quiet round" aria-label="Close" onClick=${onClose}>${icon('cross')}</button>`
      }
    </div>
    <button type="button" ref=${firstButton} class="begin" onClick=${onBegin}>${icon('plus')}New conversation</button>
    <nav class="conversations" aria-label="Earlier conversations">
      <ul>
        ${home?.conversations.map(({ id, title, agent, updatedAtMs }) => {
          const isCurrent = id === conversationId
          return html`<li key=${id}>
            <button
              type="button"
              class=${`conversation${isCurrent ? ' conversation-current' : ''}`}
              aria-current=${isCurrent ? 'page' : undefined}
              onClick=${() => onOpen(id)}
            >
              <span class="conversation-title">${title}</span>
              <span class="conversation-about">
                <span class="conversation-agent">${agent}</span><span>${whenText(updatedAtMs, Date.now())}</span>
              </span>
            </button>
          </li>`
        })}
      </ul>
    </nav>
    ${home !== undefined && h(Models, { about: home.about })}
  </aside>`
}

function Models({ about }: Pick<Home, 'about'>): VNode {
  return html`<p class="models">
    <span class="hidden">Models:</span>${about.isDemo ? 'Scripted demo model' : about.models}
  </p>`
}
