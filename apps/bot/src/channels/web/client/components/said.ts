import { html } from 'htm/preact'
import { h, type VNode } from 'preact'

import type { Person, SaidEntry } from '../../../../view/entry.ts'
import { FileList } from './file-list.ts'
import { icon } from './icon.ts'

export interface SaidProps {
  readonly entry: SaidEntry
  readonly me: Person | undefined
}

/** What a person said: plain text, as it was typed. */
export function Said({ entry, me }: SaidProps): VNode {
  const { author, text, files, skipped, state } = entry
  const isMine = me === undefined || author.id === me.id
  return html`<article class="said" aria-label=${isMine ? 'You said' : `${author.name} said`}>
    ${!isMine && html`<p class="who">${author.name}</p>`} ${h(FileList, { files, skipped })}
    ${text !== '' && html`<div class="bubble" dir="auto">${text}</div>`}
    ${state === 'waiting' && html`<p class="state">${icon('clock')}Waits for the answer before it</p>`}
  </article>`
}
