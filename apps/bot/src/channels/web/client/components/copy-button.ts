import { html } from 'htm/preact'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import { icon } from './icon.ts'

const SHOWN_MS = 1_600

/** Puts a text on the clipboard, and says so for a moment. */
export function CopyButton({ text }: { readonly text: string }): VNode {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | undefined>()
  useEffect(() => {
    if (outcome === undefined) return undefined
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  const words = outcome === undefined ? 'Copy' : outcome === 'copied' ? 'Copied' : 'Not allowed'
  return html`<button type="button" class="quiet copy" onClick=${copy}>
    ${icon(outcome === 'copied' ? 'check' : 'copy')}<span aria-live="polite">${words}</span>
  </button>`
}
