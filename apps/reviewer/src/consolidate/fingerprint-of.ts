import { createHash } from 'node:crypto'

import type { Finding } from '../finding/finding.ts'
import { compare } from './rank.ts'

/**
 * What a fault is known by when the change is reviewed again: its file and the code that most of its reporters quote. No line
 * number is in it, as lines move, and none of their words, as models word and file it differently each time. `ordinal` tells
 * several about the same code apart.
 */
export function fingerprintOf(members: readonly Finding[], ordinal: number): string {
  const quotes = Map.groupBy(members, ({ quote }) => quote.replaceAll(/\s+/g, ''))
  const [code] = [...quotes].toSorted(
    ([a, saidA], [b, saidB]) => saidB.length - saidA.length || a.length - b.length || compare(a, b),
  )[0]!
  return createHash('sha256')
    .update(JSON.stringify([members[0]!.path, code, ordinal]))
    .digest('hex')
    .slice(0, 16)
}
