import { html } from 'htm/preact'
import type { VNode } from 'preact'

import type { Home, State } from '../state/state.ts'
import { icon } from './icon.ts'

export interface BannerProps {
  readonly link: State['link']
  readonly about: Home['about'] | undefined
}

/** What one should know of the bot itself: that it is away, or that its model is not a real one. */
export function Banner({ link, about }: BannerProps): VNode {
  return html`<div class="banners">
    <div role="status">
      ${
        link === 'away' &&
        html`<p class="banner banner-away">
          <span class="spinner" aria-hidden="true"></span>The bot is away. Waiting for it to come back.
        </p>`
      }
    </div>
    ${
      about?.isDemo === true &&
      html`<p class="banner banner-demo">
        ${icon('spark')}
        <span>
          <strong>This is a demo.</strong> The model is scripted: its words are fixed, but its tools really run. For a
          real one, set <code>ANTHROPIC_API_KEY</code>, <code>OPENAI_API_KEY</code> or <code>OPENAI_BASE_URL</code> and
          start the bot again.
        </span>
      </p>`
    }
  </div>`
}
