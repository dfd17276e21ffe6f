import type { ToolContext } from '@executus/core'

/**
 * Whom a call is for: what people keep here is theirs alone.
 *
 * @throws Error when the run is for nobody
 */
export function callerOf({ caller }: Pick<ToolContext, 'caller'>): string {
  if (caller === undefined) throw new Error('Nobody is known to be asking, and this is kept for somebody')
  return caller
}
