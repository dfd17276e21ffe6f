import { html } from 'htm/preact'
import type { VNode } from 'preact'

import type { Chat } from '../chat.ts'
import type { Pending } from '../state/state.ts'
import { icon } from './icon.ts'
import { countText } from './measure.ts'

export interface UnsentProps {
  readonly chat: Chat
  readonly pending: Pending
  readonly onForget: () => void
}

/** A message on its way. */
export function Unsent({ chat, pending, onForget }: UnsentProps): VNode {
  const { text, files, state, problem } = pending
  return html`<article class="said said-pending" aria-label="You said">
    ${files.length > 0 && html`<span class="chip">${icon('clip')}${countText(files.length, 'file')}</span>`}
    ${text !== '' && html`<div class="bubble" dir="auto">${text}</div>`}
    <div class="state" role=${state === 'sending' ? undefined : 'status'}>
      ${state === 'sending' && 'Sending…'}
      ${state === 'unsent' && html`${icon('clock')}Not sent yet. It goes out when the bot is back.`}
      ${
        state === 'refused' &&
        html`<span class="state-problem">${icon('alert')}Not sent. ${problem}</span>
          <button type="button" class="quiet" onClick=${() => chat.sayAgain(pending)}>Try again</button>
          <button type="button" class="quiet" onClick=${onForget}>Remove</button>`
      }
    </div>
  </article>`
}
