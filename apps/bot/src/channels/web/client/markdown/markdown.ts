import type { MarkedToken, Tokens } from 'marked'
import { type ComponentChildren, h, type JSX } from 'preact'

import { codeBlock } from './code-block.ts'
import { inlineNodes, MOST_LEVELS } from './inline.ts'
import { known, lex } from './lex.ts'

/**
 * Markdown of a model as nodes. Its author is not to be trusted: HTML in it is shown as text, links lead to the web or to
 * a mail, nothing is loaded, and nesting without end is shown as it was written.
 */
export function markdown(text: string): JSX.Element {
  const tokens = lex(text)
  return h('div', { class: 'md' }, tokens === undefined ? h('p', { class: 'md-plain' }, text) : blockNodes(tokens, 0))
}

function blockNodes(tokens: readonly MarkedToken[], depth: number): ComponentChildren[] {
  return tokens.map((token) => (depth > MOST_LEVELS ? token.raw : blockNode(token, depth)))
}

function blockNode(token: MarkedToken, depth: number): ComponentChildren {
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'paragraph':
      return h('p', {}, line(token, depth))
    case 'heading':
      // The page has the first two levels for itself.
      return h(`h${Math.min(6, token.depth + 2)}`, { class: `md-h${token.depth}` }, line(token, depth))
    case 'blockquote':
      return h('blockquote', {}, blockNodes(known(token.tokens), depth + 1))
    case 'code':
      return codeBlock(token.text, token.lang)
    case 'hr':
      return h('hr', {})
    case 'list':
      return listNode(token, depth)
    case 'table':
      return tableNode(token, depth)
    case 'html':
      return h('p', { class: 'md-plain' }, token.text.trimEnd())
    default:
      // The text of a tight list item is a line.
      return inlineNodes([token], depth)
  }
}

function listNode(list: Tokens.List, depth: number): ComponentChildren {
  const items = list.items.map((item) => itemNode(item, depth + 1))
  return list.ordered ? h('ol', { start: list.start === '' ? 1 : list.start }, items) : h('ul', {}, items)
}

function itemNode(item: Tokens.ListItem, depth: number): ComponentChildren {
  if (!item.task) return h('li', {}, blockNodes(known(item.tokens), depth))
  const rest = known(item.tokens).filter(({ type }) => type !== 'checkbox')
  const box = h('input', { type: 'checkbox', checked: item.checked === true, disabled: true })
  return h('li', { class: 'md-task' }, box, h('div', {}, blockNodes(withoutBox(rest), depth)))
}

/** In a loose list the box stands in the paragraph. */
function withoutBox(tokens: readonly MarkedToken[]): readonly MarkedToken[] {
  return tokens.map((token) =>
    token.type === 'paragraph' ? { ...token, tokens: token.tokens.filter(({ type }) => type !== 'checkbox') } : token,
  )
}

function tableNode({ header, rows }: Tokens.Table, depth: number): ComponentChildren {
  const cell = (name: 'th' | 'td') => (one: Tokens.TableCell) =>
    h(name, one.align === null ? {} : { class: `md-${one.align}` }, line(one, depth))
  const head = h('thead', {}, h('tr', {}, header.map(cell('th'))))
  const body = h(
    'tbody',
    {},
    rows.map((row) => h('tr', {}, row.map(cell('td')))),
  )
  // It scrolls by itself, by keys as well: the page never does so sideways.
  return h('div', { class: 'md-table', tabIndex: 0, role: 'region', 'aria-label': 'Table' }, h('table', {}, head, body))
}

function line({ tokens }: { readonly tokens: Tokens.Paragraph['tokens'] }, depth: number): ComponentChildren {
  return inlineNodes(known(tokens), depth + 1)
}
