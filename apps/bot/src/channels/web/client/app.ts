import { html } from 'htm/preact'
import { h, type RefObject, type VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { Chat } from './chat.ts'
import { Banner } from './components/banner.ts'
import { Composer } from './components/composer.ts'
import { Header } from './components/header.ts'
import { Log } from './components/log.ts'
import { Sidebar } from './components/sidebar.ts'
import { INITIAL_STATE } from './state/state.ts'
import { useNarrow } from './use-narrow.ts'

/** The whole page. */
export function App(): VNode {
  const [state, setState] = useState(INITIAL_STATE)
  const chat = useMemo(() => new Chat(setState), [])
  const isNarrow = useNarrow()
  const [isDrawerOpen, setDrawerOpen] = useState(false)
  const menuButton = useRef<HTMLButtonElement>(null)
  const composer = useRef<HTMLTextAreaElement>(null)
  const { home, view, conversationId, link } = state
  const title = view?.conversation.title
  const isWorking = link !== 'away' && view?.live.some((run) => run.state !== 'waiting') === true

  useEffect(() => void chat.start(), [chat])
  useEffect(() => {
    document.title = `${isWorking ? '● ' : ''}${title === undefined ? '' : `${title} · `}executus`
  }, [title, isWorking])

  const isOver = isNarrow && isDrawerOpen
  const goTo = useRef<RefObject<HTMLElement | null> | undefined>(undefined)
  useEffect(() => {
    // Under the drawer nothing takes the focus.
    if (isOver) return
    goTo.current?.current?.focus()
    goTo.current = undefined
  })
  const close = (next: RefObject<HTMLElement | null>) => {
    goTo.current = next
    setDrawerOpen(false)
    if (!isOver) next.current?.focus()
  }
  const closeDrawer = () => close(menuButton)
  const afterChoice = () => close(composer)
  return html`<div class=${`app${isOver ? ' app-drawer' : ''}`}>
    ${h(Sidebar, {
      home,
      conversationId,
      isDrawer: isNarrow,
      isOpen: !isNarrow || isDrawerOpen,
      onClose: closeDrawer,
      onOpen: (id) => {
        chat.open(id)
        afterChoice()
      },
      onBegin: () => {
        // One in which nothing was said is as good as a new one.
        if (view === undefined || view.entries.length > 0 || view.live.length > 0) void chat.begin()
        afterChoice()
      },
    })}
    ${isOver && html`<div class="backdrop" onClick=${closeDrawer}></div>`}
    <main class="main" inert=${isOver}>
      ${h(Header, { chat, home, view, menuButton, isWorking, onMenu: () => setDrawerOpen(true) })}
      ${h(Banner, { link, about: home?.about })} ${h(Log, { key: conversationId ?? '', chat, state, composer })}
      ${h(Composer, { key: `composer-${conversationId}`, chat, isWorking, conversationId, field: composer })}
    </main>
    <div class="spoken" role="status" aria-live="polite">${state.announcement}</div>
  </div>`
}
