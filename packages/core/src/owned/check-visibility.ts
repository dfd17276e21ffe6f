import { checkOneOf, checkText } from '../check-option.ts'
import { type Owned, VISIBILITIES, type Visibility } from './owned.ts'
import type { Viewer } from './viewer.ts'

/** What an owner who is no admin may choose where the host says nothing. */
const CHOICES: readonly Visibility[] = ['private', 'shared']

/** @throws TypeError or RangeError when it does not say who sees it */
export function checkVisibility(noun: string, { visibility, scope }: Owned): void {
  checkOneOf(`${noun}.visibility`, visibility, VISIBILITIES)
  if (visibility === 'shared') checkText(`${noun}.scope`, scope)
  else if (scope !== undefined)
    throw new RangeError(`Expected \`${noun}.scope\` to be set only with \`visibility: shared\``)
}

/**
 * Looks at what an owner says about who sees it; what was said before, by an admin say, may stay.
 *
 * @throws RangeError
 */
export function checkMayShow(
  noun: string,
  { visibility, scope }: Owned,
  as: Viewer,
  { allowed = CHOICES, before }: { readonly allowed?: readonly Visibility[] | undefined; readonly before?: Owned },
): void {
  if (as.isAdmin || (visibility === before?.visibility && scope === before.scope)) return
  if (!allowed.includes(visibility))
    throw new RangeError(`Expected \`${noun}.visibility\` to be one of ${allowed.join(', ')}, got ${visibility}`)
  if (scope !== undefined && as.scopes?.includes(scope) !== true)
    throw new RangeError(`Expected \`${noun}.scope\` to be one that its owner is in`)
}
