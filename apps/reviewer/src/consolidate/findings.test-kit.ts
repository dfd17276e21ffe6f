import type { Finding, FindingSource } from '../finding/finding.ts'

export type GivenFinding = Partial<Omit<Finding, 'source'>> & { readonly source?: Partial<FindingSource> }

/** A finding about one line, of a reviewer of its own. */
export function findingOf({ source, ...given }: GivenFinding = {}): Finding {
  const startLine = given.startLine ?? 12
  return {
    path: 'src/store.ts',
    side: 'new',
    startLine,
    endLine: startLine,
    quote: '  const row = rows[index]',
    title: 'index may be out of range',
    body: 'Nothing keeps `index` below the length of `rows`.',
    severity: 'medium',
    category: 'off-by-one',
    confidence: 0.5,
    ...given,
    source: { model: 'acme/one', family: 'one', lens: 'correctness', bundle: 'b1', ...source },
  }
}
