import { createHash } from 'node:crypto'

import type { GuardedResponse } from '../../net/guard.ts'
import { charsetOfHtml, decodeText } from './decode-text.ts'
import { htmlToText } from './html-to-text.ts'

/** A response as a model can read it. */
export interface Page {
  /** `text/html`; `unknown type` when the server names none, or nonsense. */
  readonly type: string
  /** What there is to read; `undefined` when it is not text. */
  readonly text: string | undefined
}

const TEXT_TYPES =
  /^(text\/.+|application\/(.+\+)?(json|xml|yaml)|.+\/.+\+(json|xml)|application\/(x-ndjson|jsonl|toml|x-yaml|graphql|sql|x-sh|x-www-form-urlencoded|((x-)?(java|ecma)script)))$/
const HTML_TYPES = ['text/html', 'application/xhtml+xml']
// What a converter that runs between two steps may hold up.
const MOST_HTML_CHARS = 2 * 1024 * 1024

/** The text of a response. HTML becomes headings, lists and links; binary content is not shown. */
export function readPage({ url, headers, bytes }: GuardedResponse): Page {
  const [essence = '', ...parameters] = (headers['content-type'] ?? '').split(';')
  const name = essence.trim().toLowerCase()
  const type = /^[a-z\d.+-]{1,60}\/[a-z\d.+-]{1,60}$/.test(name) ? name : 'unknown type'
  if (!TEXT_TYPES.test(type)) return { type, text: undefined }
  const isHtml = HTML_TYPES.includes(type)
  const charset = charsetOf(parameters) ?? (isHtml ? charsetOfHtml(bytes) : undefined)
  const text = decodeText(bytes, charset)
  if (text === undefined || !isHtml) return { type, text: text === undefined ? text : readable(text) }
  const page = htmlToText(text.slice(0, MOST_HTML_CHARS), url)
  return { type, text: readable(page.title === '' ? page.text : `Title: ${page.title}\n\n${page.text}`) }
}

/** What identifies bytes that are not shown. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function charsetOf(parameters: readonly string[]): string | undefined {
  const found = parameters.map((each) => /^\s*charset\s*=\s*"?([\w:.-]{1,40})"?\s*$/i.exec(each)?.[1])
  return found.find((each) => each !== undefined)
}

/** Without what a reader does not see and a model does: control characters, and tags that spell in invisible letters. */
function readable(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\t\n])\p{Cc}|[\u{e0000}-\u{e007f}]/gu, '')
}
