import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'

import { markdown } from '../markdown/markdown.ts'

/** Markdown, read again only when it is another. */
export function Prose({ text }: { readonly text: string }): VNode {
  return useMemo(() => markdown(text), [text])
}
