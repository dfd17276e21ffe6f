import { html } from 'htm/preact'
import { h, type JSX, type RefObject, type VNode } from 'preact'
import { useMemo } from 'preact/hooks'

import type { Entry, Person } from '../../../../view/entry.ts'
import type { LiveRun } from '../../../../view/live-run.ts'
import type { Chat } from '../chat.ts'
import { asidesOf, pendingOf } from '../state/reduce.ts'
import type { Decision, State } from '../state/state.ts'
import { useFollow } from '../use-follow.ts'
import { Answer } from './answer.ts'
import { Beginning } from './beginning.ts'
import { icon } from './icon.ts'
import { Live } from './live.ts'
import { Notice } from './notice.ts'
import { Question } from './question.ts'
import { Said } from './said.ts'
import { ShownAside } from './shown-aside.ts'
import { Unsent } from './unsent.ts'

export interface LogProps {
  readonly chat: Chat
  readonly state: State
  readonly composer: RefObject<HTMLTextAreaElement | null>
}

/** The conversation, with what is under way at its end. */
export function Log({ chat, state, composer }: LogProps): VNode {
  const { view, home } = state
  const pending = pendingOf(state)
  const asides = asidesOf(state)
  const entries = view?.entries ?? []
  const live = view?.live ?? []
  // What this page wrote, in whatever state it is by now.
  const ownCount = asides.length + state.pending.length
  const follow = useFollow(entries[0]?.id, ownCount)
  const isEmpty = view !== undefined && entries.length + live.length + pending.length + asides.length === 0
  const forget = (id: string) => {
    chat.forget(id)
    // What was pressed goes away.
    composer.current?.focus()
  }
  const asidesAfter = (afterId: number, nextId: number) =>
    asides
      .filter((aside) => aside.afterId >= afterId && aside.afterId < nextId)
      .map((aside) => h(ShownAside, { key: aside.id, aside, onForget: () => forget(aside.id) }))

  // What was done is read before what is asked.
  const firstAsked = new Map<string, number>()
  for (const entry of entries)
    if (entry.kind === 'question' && entry.outcome === undefined && entry.runId !== undefined)
      firstAsked.set(entry.runId, firstAsked.get(entry.runId) ?? entry.id)
  const waitingAt = (entry: Entry) =>
    live.filter((run) => run.state === 'waiting' && firstAsked.get(run.runId) === entry.id)
  const shownAbove = new Set(entries.flatMap(waitingAt).map(({ runId }) => runId))
  const stopWords = live.length > 1 ? 'Stop all' : 'Stop'
  const showLive = (run: LiveRun) =>
    h(Live, {
      key: run.runId,
      chat,
      run,
      isAway: state.link === 'away',
      toolStarts: view?.toolStarts ?? {},
      stopWords: run === live[0] ? stopWords : undefined,
    })

  const goToEnd = () => {
    follow.toEnd()
    follow.scroller.current?.focus()
  }
  const onClick = ({ target }: MouseEvent) => {
    if ((target as Element).closest('summary') !== null) follow.onUnfold()
  }
  return html`<div class="log-frame">
    <div class="log" ref=${follow.scroller} onScroll=${follow.onScroll} tabindex="-1">
      <div class="log-content" ref=${follow.content} onClickCapture=${onClick}>
        ${
          view?.hasEarlier === true &&
          html`<button type="button" class="quiet earlier" onClick=${() => void chat.showEarlier()}>
            Show earlier
          </button>`
        }
        ${isEmpty && home !== undefined && h(Beginning, { chat, about: home.about, composer })}
        ${asidesAfter(0, entries[0]?.id ?? Number.POSITIVE_INFINITY)}
        ${entries.map((entry, index) => [
          ...waitingAt(entry).map((run) => showLive(run)),
          h(OneEntry, {
            key: entry.id,
            chat,
            entry,
            me: home?.me,
            decision: entry.kind === 'question' ? state.decisions[entry.questionId] : undefined,
          }),
          ...asidesAfter(entry.id, entries[index + 1]?.id ?? Number.POSITIVE_INFINITY),
        ])}
        ${live.filter((run) => !shownAbove.has(run.runId)).map((run) => showLive(run))}
        ${pending.map((one) => h(Unsent, { key: one.id, chat, pending: one, onForget: () => forget(one.id) }))}
      </div>
    </div>
    ${
      follow.hasNewBelow &&
      html`<button type="button" class="new-below" onClick=${goToEnd}>${icon('down')}New below</button>`
    }
  </div>`
}

interface OneEntryProps {
  readonly chat: Chat
  readonly entry: Entry
  readonly me: Person | undefined
  readonly decision: Decision | undefined
}

/** Made anew only when it has changed: while a run streams, all of the conversation before it stays as it is. */
function OneEntry({ chat, entry, me, decision }: OneEntryProps): JSX.Element {
  return useMemo(() => {
    switch (entry.kind) {
      case 'said':
        return h(Said, { entry, me })
      case 'answer':
        return h(Answer, { entry })
      case 'question':
        return h(Question, { chat, entry, decision })
      case 'notice':
        return h(Notice, { entry })
    }
  }, [chat, entry, me, decision])
}
