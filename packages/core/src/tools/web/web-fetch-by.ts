import { z } from 'zod'

import type { GuardedResponse } from '../../net/guard.ts'
import type { GuardedFetch } from '../../net/guarded-fetch-by.ts'
import { defineTool } from '../../tool/define-tool.ts'
import type { Tool } from '../../tool/tool.ts'
import { sha256Of, readPage } from './read-page.ts'
import { wrapUntrusted } from './wrap-untrusted.ts'

const USUAL_CHARS = 20_000

/** The tool over a guard that is there already. */
export function webFetchBy(guard: GuardedFetch, maxChars: number, nowMs: () => number): Tool {
  return defineTool({
    name: 'web_fetch',
    description:
      'Fetches a public web page or file by its http or https URL and gives it as text. Pages are given as plain text ' +
      'with links; long ones in parts, by offset.',
    effect: 'read',
    capabilities: ['net.read'],
    input: z.object({
      url: z.string().describe('The complete URL, such as https://example.com/page.'),
      offset: z.int().min(0).default(0).describe('The character to begin with.'),
      maxChars: z
        .int()
        .min(1)
        .max(maxChars)
        .default(Math.min(USUAL_CHARS, maxChars))
        .describe('How many characters to show.'),
    }),
    resources: ({ url }) => [{ kind: 'url', value: guard.check(url) }],
    run: async ({ url, offset, maxChars: length }, { signal }) => {
      const response = await guard.fetch(url, { headers: { accept: ACCEPT }, signal })
      return show(response, offset, length, nowMs())
    },
  })
}

const ACCEPT = 'text/html, text/markdown, text/plain, application/json, application/xml;q=0.9, */*;q=0.5'

function show(response: GuardedResponse, offset: number, length: number, nowMs: number): string {
  const { type, text } = readPage(response)
  const { status, url, bytes, truncated } = response
  const size = truncated ? `the first ${bytes.length} bytes; the rest was too long to read` : `${bytes.length} bytes`
  const head = `HTTP ${status}, ${type}, ${size}.`
  if (text === undefined) return `${head} It is not text, so not shown; sha256 ${sha256Of(bytes)}.`
  if (offset > 0 && offset >= text.length) throw new Error(`The page has only ${text.length} characters`)
  const end = Math.min(offset + length, text.length)
  const rest = end < text.length ? ` Call again with offset ${end} for more.` : ''
  const range = offset > 0 || rest !== '' ? ` Characters ${offset}-${end} of ${text.length}.${rest}` : ''
  const source = url.length > LONGEST_SOURCE ? `${url.slice(0, LONGEST_SOURCE)}…` : url
  return `${head}${range}\n${wrapUntrusted(text.slice(offset, end).toWellFormed(), source, nowMs)}`
}

// An address line is for orientation.
const LONGEST_SOURCE = 2_000
