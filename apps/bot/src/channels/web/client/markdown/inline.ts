import type { MarkedToken, Tokens } from 'marked'
import { type ComponentChildren, h } from 'preact'

import { withoutEntities } from './entities.ts'
import { known } from './lex.ts'
import { isMisleading, linkTarget } from './link-target.ts'

/** Nesting beyond this is shown as it was written. */
export const MOST_LEVELS = 32

/** What stands in a line. HTML is text here, as is a link that leads to no place of the web. */
export function inlineNodes(tokens: readonly MarkedToken[], depth: number): ComponentChildren[] {
  return tokens.map((token) => (depth > MOST_LEVELS ? token.raw : inlineNode(token, depth)))
}

function inlineNode(token: MarkedToken, depth: number): ComponentChildren {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? withoutEntities(token.text) : inlineNodes(known(token.tokens), depth + 1)
    case 'escape':
      return token.text
    case 'strong':
    case 'em':
    case 'del':
      return h(token.type, {}, inlineNodes(known(token.tokens), depth + 1))
    case 'codespan':
      return h('code', {}, token.text)
    case 'br':
      return h('br', {})
    case 'link':
      return linkNode(token, depth)
    case 'image':
      return imageNode(token)
    case 'html':
      // Models break lines of table cells so, and it can do nothing else.
      return /^<br\s*\/?>$/i.test(token.raw) ? h('br', {}) : token.raw
    default:
      return token.raw
  }
}

function linkNode(token: Tokens.Link, depth: number): ComponentChildren {
  const target = linkTarget(token.autolink === true ? token.href : withoutEntities(token.href))
  if (target === undefined) return token.raw
  const text = token.autolink === true ? token.text : inlineNodes(known(token.tokens), depth + 1)
  const link = anchor(target.href, target.place, text)
  return isMisleading(token.text, target) ? [link, h('span', { class: 'md-host' }, ` (${target.place})`)] : link
}

/** Nothing is loaded from elsewhere: to load a picture tells its server who reads what. */
function imageNode(token: Tokens.Image): ComponentChildren {
  const target = linkTarget(withoutEntities(token.href))
  if (target === undefined) return token.raw
  return anchor(target.href, target.place, `Image: ${withoutEntities(token.text) || target.place}`)
}

function anchor(href: string, title: string, children: ComponentChildren): ComponentChildren {
  return h('a', { href, title, target: '_blank', rel: 'noopener noreferrer nofollow' }, children)
}
