import { html } from 'htm/preact'
import type { RefObject, VNode } from 'preact'

import type { Chat } from '../chat.ts'
import type { Home } from '../state/state.ts'

export interface BeginningProps {
  readonly chat: Chat
  readonly about: Home['about']
  readonly composer: RefObject<HTMLTextAreaElement | null>
}

/** A conversation in which nothing was said yet: what one could say. */
export function Beginning({ chat, about, composer }: BeginningProps): VNode {
  const say = (text: string) => {
    chat.say(text)
    // The button goes away; the next word is typed here.
    composer.current?.focus()
  }
  return html`<section class="beginning">
    <img src="/assets/client/icon.svg" alt="" width="52" height="52" />
    <h2>What can I do for you?</h2>
    <p>Ask, attach a file, or begin with one of these.</p>
    <ul class="suggestions">
      ${about.suggestions.map(
        (text) =>
          html`<li key=${text}>
            <button type="button" class="suggestion" onClick=${() => say(text)}>${text}</button>
          </li>`,
      )}
    </ul>
  </section>`
}
