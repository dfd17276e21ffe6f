import { html } from 'htm/preact'
import { h, type VNode } from 'preact'

import type { Aside } from '../state/state.ts'
import { icon } from './icon.ts'
import { Prose } from './prose.ts'

export interface ShownAsideProps {
  readonly aside: Aside
  readonly onForget: () => void
}

/** The answer to a command; it can be put away. */
export function ShownAside({ aside: { line, shown, problem }, onForget }: ShownAsideProps): VNode {
  return html`<aside class="aside" aria-label=${`Answer to ${line}`}>
    <div class="aside-head">
      <code>${line}</code><span class="aside-about">only you see this</span>
      <button type="button" class="quiet round" aria-label="Put away" onClick=${onForget}>${icon('cross')}</button>
    </div>
    ${shown !== undefined && h(Prose, { text: shown })}
    ${problem !== undefined && html`<p class="outcome outcome-failed">${icon('alert')}<span>${problem}</span></p>`}
    ${shown === undefined && problem === undefined && html`<span class="spinner" role="img" aria-label="One moment"></span>`}
  </aside>`
}
