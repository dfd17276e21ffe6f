import { html } from 'htm/preact'
import type { VNode } from 'preact'

/** Paths on a field of 20 by 20, drawn by lines. */
const PATHS = {
  menu: 'M3 5.5h14M3 10h14M3 14.5h9',
  plus: 'M10 4v12M4 10h12',
  send: 'M10 16V4.5M4.5 9.5 10 4l5.5 5.5',
  stop: 'M6 6h8v8H6z',
  clip: 'm15.5 9.2-5.6 5.6a3.6 3.6 0 0 1-5.1-5.1l6-6a2.4 2.4 0 0 1 3.4 3.4l-6 6a1.2 1.2 0 0 1-1.7-1.7l5.4-5.4',
  cross: 'M5 5l10 10M15 5 5 15',
  chevron: 'm7 4.5 5.5 5.5L7 15.5',
  down: 'M10 4v11.5M4.5 10.5 10 16l5.5-5.5',
  copy: 'M7 7h9v9H7zM13 4H4v9',
  check: 'm4 10.5 4 4L16 6',
  alert: 'M10 6v5M10 13.8v.2M10 2.5 18 17H2z',
  clock: 'M10 5.5V10l3 2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15',
  shield: 'M10 2.5 16 5v4.5c0 4-2.5 6.6-6 8-3.5-1.4-6-4-6-8V5z',
  file: 'M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15',
  spark: 'M10 3v3M10 14v3M3 10h3M14 10h3M5.2 5.2l2 2M12.8 12.8l2 2M5.2 14.8l2-2M12.8 7.2l2-2',
} as const

export type IconName = keyof typeof PATHS

/** A sign beside a word, or in a button that has a name of its own: it says nothing to a screen reader. */
export function icon(name: IconName): VNode {
  return html`<svg class="icon icon-${name}" viewBox="0 0 20 20" aria-hidden="true">
    <path d=${PATHS[name]} />
  </svg>`
}
