import { html } from 'htm/preact'
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'

import type { QuestionEntry } from '../../../../view/entry.ts'
import type { Chat } from '../chat.ts'
import type { Decision } from '../state/state.ts'
import { useNow } from '../use-now.ts'
import { icon } from './icon.ts'
import { clockText } from './measure.ts'
import { visibleText } from './visible-text.ts'

export interface QuestionProps {
  readonly chat: Chat
  readonly entry: QuestionEntry
  readonly decision: Decision | undefined
}

const TOPICS = {
  approval: { open: 'Needs your yes', settled: 'Needed your yes' },
  budget: { open: 'The budget is used up', settled: 'The budget was used up' },
} as const

/** Something to decide: what exactly would be done, and a button for each choice. */
export function Question({ chat, entry, decision }: QuestionProps): VNode {
  const { questionId, topic, title, details, choices, expiresAtMs, outcome, isYes } = entry
  const isOpen = outcome === undefined
  const nowMs = useNow(isOpen)
  const isExpired = isOpen && nowMs >= expiresAtMs
  const isPressed = decision !== undefined && decision.state !== 'open'
  const card = useRef<HTMLElement>(null)
  const press = (choice: string) => {
    // The button that was pressed goes away.
    card.current?.focus()
    void chat.decide(questionId, choice)
  }
  const titleId = `question-${questionId}`
  return html`<section
    ref=${card}
    tabindex="-1"
    class=${`question${isOpen ? ' question-open' : ''}`}
    aria-labelledby=${titleId}
  >
    <p class="question-topic">
      ${icon(topic === 'approval' ? 'shield' : 'clock')}${TOPICS[topic][isOpen ? 'open' : 'settled']}
      ${
        isOpen &&
        html`<span class="question-time" role="timer" aria-live="off">
          ${isExpired ? 'the time is up' : `${clockText(expiresAtMs - nowMs)} left`}
        </span>`
      }
    </p>
    <h2 id=${titleId} dir="auto">${visibleText(title)}</h2>
    ${details !== '' && html`<pre class="details" tabindex="0">${visibleText(details)}</pre>`}
    ${
      isOpen &&
      html`<div class="choices">
        ${choices.map(
          ({ id, label, style }) =>
            html`<button
              key=${id}
              type="button"
              class=${`choice choice-${style}`}
              disabled=${isPressed || isExpired}
              onClick=${() => press(id)}
            >
              ${decision?.state === 'sending' && decision.choice === id ? 'Sending…' : label}
            </button>`,
        )}
      </div>`
    }
    <div class="question-end">
      ${!isOpen && html`<p class="question-outcome">${icon(isYes === true ? 'check' : 'cross')}${visibleText(outcome)}</p>`}
      ${
        decision?.message !== undefined &&
        (isOpen || decision.state === 'open') &&
        html`<p class=${decision.state === 'open' ? 'problem' : 'question-outcome'}>${decision.message}</p>`
      }
    </div>
  </section>`
}
