import { safeLine } from '../report/terminal-text.ts'

// What a person does about it differs by these; the report has the words of the provider.
const KINDS: readonly (readonly [short: string, pattern: RegExp])[] = [
  ['rate limit', /\b429\b|rate.?limit|too many requests/i],
  ['auth', /\b40[13]\b|\bauth|api.?key|unauthori[sz]ed|forbidden/i],
  ['no credit', /\b402\b|quota|billing|credit/i],
  ['too long', /context.?(window|length|overflow)|too many tokens|prompt is too long/i],
  ['timeout', /time.?out|timed out|took longer/i],
  ['no model', /\b404\b|no such model|model.*not found|does not exist/i],
  ['overloaded', /\b5(03|29)\b|overloaded|unavailable/i],
  ['refused', /\brefus/i],
  ['network', /\b50[024]\b|network|socket|ECONN|ENOTFOUND|fetch failed/i],
  ['bad answer', /shape|invalid.?output|schema/i],
  ['budget', /may be spent/i],
  ['stopped', /stopped|abort|cancel/i],
]

/** Why there is no answer, in a word or two. */
export function shortReason(reason: string): string {
  return KINDS.find(([, pattern]) => pattern.test(reason))?.[0] ?? safeLine(reason)
}
