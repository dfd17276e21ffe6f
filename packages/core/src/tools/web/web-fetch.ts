import { systemClock } from '@executus/llm'

import { checkCount, checkObject } from '../../check-option.ts'
import type { GuardedFetchOptions } from '../../net/fetch-options.ts'
import { fetchPolicy } from '../../net/fetch-policy.ts'
import { createGuardedFetch } from '../../net/guarded-fetch.ts'
import type { Tool } from '../../tool/tool.ts'
import { webFetchBy } from './web-fetch-by.ts'

/** What `web_fetch` may reach, and how much of a page a model gets at once. */
export interface WebFetchOptions extends GuardedFetchOptions {
  /** The most characters of a page that one call shows. @default 40_000 */
  readonly maxChars?: number
}

// Below what a run gives a model of one result (50,000), with room for the marks around it.
const MOST_CHARS = 40_000

/**
 * The tool `web_fetch`: reads a public web page as text, within a guard that keeps it away from everything that is not
 * public. What it gives is marked as untrusted data.
 *
 * @throws TypeError or RangeError that names the option
 */
export function webFetchTool(options: WebFetchOptions = {}): Tool {
  checkObject('webFetchTool', options)
  const { maxChars = MOST_CHARS, ...guardOptions } = options
  checkCount('webFetchTool.maxChars', maxChars, 1)
  fetchPolicy(guardOptions, 'webFetchTool')
  return webFetchBy(createGuardedFetch(guardOptions), maxChars, () => (options.clock ?? systemClock).now())
}
