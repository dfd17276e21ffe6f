import { h, type JSX } from 'preact'

import { CopyButton } from '../components/copy-button.ts'

/** A block of code, with its language where the writer told it. */
export function codeBlock(code: string, info: string | undefined): JSX.Element {
  const language = /^[\w+#.-]{1,24}/.exec(info ?? '')?.[0]
  const head = h(
    'div',
    { class: 'code-head' },
    h('span', { class: 'code-language' }, language ?? 'text'),
    h(CopyButton, { text: code }),
  )
  // It can be scrolled by keys.
  return h('div', { class: 'code' }, head, h('pre', { tabIndex: 0 }, h('code', {}, code)))
}
