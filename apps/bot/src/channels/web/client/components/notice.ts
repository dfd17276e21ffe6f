import { html } from 'htm/preact'
import { h, type VNode } from 'preact'

import type { NoticeEntry } from '../../../../view/entry.ts'
import { icon } from './icon.ts'
import { Prose } from './prose.ts'

/** A word of the bot itself, in passing. */
export function Notice({ entry: { text, tone } }: { readonly entry: NoticeEntry }): VNode {
  return html`<div class=${`notice notice-${tone}`}>${tone === 'warning' && icon('alert')}${h(Prose, { text })}</div>`
}
