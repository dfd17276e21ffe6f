import { decodeEntities } from './decode-entities.ts'
import { TextWriter } from './text-writer.ts'

/** A page as text: headings, lists and links keep their marks, everything else its words. */
export interface PageText {
  readonly title: string
  readonly text: string
}

// Written by hand: the converters of the registry build trees and walk them by recursion, which a million nested
// elements overflow. This one walks the text once, keeps no tree, and needs time and memory in proportion.

// What is in them is not for readers; `textarea` and `title` hold no tags.
const UNREAD = new Set(['script', 'style', 'svg', 'math', 'template', 'iframe', 'object', 'canvas', 'audio', 'video'])
const BLOCKS = new Set(
  (
    'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form ' +
    'header hgroup hr html main nav option p section select summary table tbody tfoot thead'
  ).split(' '),
)
const TAG = /<(\/?)([a-zA-Z][^\s/>]*)/y

/** Converts HTML; `baseUrl` is what relative links are relative to. Whatever the text, this returns. */
export function htmlToText(html: string, baseUrl: string): PageText {
  const writer = new TextWriter(baseUrl)
  let title = ''
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1 || open > at) {
      writer.text(decodeEntities(html.slice(at, open === -1 ? html.length : open)))
      if (open === -1) break
    }
    TAG.lastIndex = open
    const tag = TAG.exec(html)
    if (tag === null) {
      at = afterMarkup(html, open)
      if (at === open + 1) writer.text('<')
      continue
    }
    const name = (tag[2] ?? '').toLowerCase()
    const isEnd = tag[1] === '/'
    const from = TAG.lastIndex
    const end = endOfTag(html, from)
    at = end + 1
    if (!isEnd && (name === 'title' || UNREAD.has(name))) {
      const close = closingTag(html, name, at)
      if (name === 'title' && title === '') title = collapse(decodeEntities(html.slice(at, close.start)))
      at = close.end
      continue
    }
    if (isEnd) endTag(writer, name)
    else startTag(writer, name, (attribute) => attributeOf(html.slice(from, end), attribute))
  }
  return { title, text: writer.end() }
}

function startTag(writer: TextWriter, name: string, attribute: (name: string) => string | undefined): void {
  if (/^h[1-6]$/.test(name)) writer.block(`${'#'.repeat(Number(name[1]))} `)
  else if (name === 'br') writer.line()
  else if (name === 'p') writer.block()
  else if (name === 'li') writer.item()
  else if (name === 'ul' || name === 'ol') writer.list(name === 'ol')
  else if (name === 'pre') writer.startPre()
  else if (name === 'a') writer.startLink(attribute('href'))
  else if (name === 'img') writer.text(collapse(attribute('alt') ?? ''))
  else if (name === 'tr') writer.line()
  else if (name === 'td' || name === 'th') writer.cell()
  else if (name === 'base') writer.setBase(attribute('href'))
  else if (BLOCKS.has(name)) writer.line()
}

function endTag(writer: TextWriter, name: string): void {
  if (/^h[1-6]$/.test(name) || name === 'p' || name === 'table' || name === 'blockquote') writer.endBlock()
  else if (name === 'ul' || name === 'ol') writer.endList()
  else if (name === 'pre') writer.endPre()
  else if (name === 'a') writer.endLink()
  else if (name === 'li') writer.endBlock(1)
  else if (name === 'tr' || BLOCKS.has(name)) writer.line()
}

/** Where a comment, a doctype or other markup without a name ends; `open + 1` when the `<` is only a sign. */
function afterMarkup(html: string, open: number): number {
  const isComment = html.startsWith('<!--', open)
  if (!isComment && !/[!?/]/.test(html[open + 1] ?? '')) return open + 1
  const end = isComment ? html.indexOf('-->', open + 4) : html.indexOf('>', open)
  // What is never closed runs to the end, as HTML has it, and so nothing is searched twice.
  if (end === -1) return html.length
  return end + (isComment ? 3 : 1)
}

/** The `>` that ends a tag; one in a quoted value does not. */
function endOfTag(html: string, from: number): number {
  let isValue = false
  for (let at = from; at < html.length; at++) {
    const sign = html[at] ?? ''
    if (sign === '>') return at
    if (isValue && (sign === '"' || sign === "'")) {
      at = html.indexOf(sign, at + 1)
      if (at === -1) return html.length
    }
    isValue = sign === '=' || (isValue && /\s/.test(sign))
  }
  return html.length
}

function closingTag(html: string, name: string, from: number): { readonly start: number; readonly end: number } {
  const closing = new RegExp(`</${name}[\\s/>]`, 'gi')
  closing.lastIndex = from
  const found = closing.exec(html)
  if (found === null) return { start: html.length, end: html.length }
  return { start: found.index, end: endOfTag(html, found.index) + 1 }
}

// A tag longer than this holds data, not an address to show.
const LONGEST_TAG = 8192

function attributeOf(tag: string, name: string): string | undefined {
  if (tag.length > LONGEST_TAG) return undefined
  const pattern = new RegExp(`(?:^|\\s|["'/])${name}\\s{0,8}=\\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
  const found = pattern.exec(tag)
  const value = found?.[1] ?? found?.[2] ?? found?.[3]
  return value === undefined ? undefined : decodeEntities(value)
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
