import type { Finding } from '../finding/finding.ts'
import type { Cluster } from './cluster.ts'
import { fingerprintOf } from './fingerprint-of.ts'
import { link } from './link.ts'
import { byRank, compare, confidenceOf, severityOf, speakerOf } from './rank.ts'
import { reviewWords, similarities } from './similarity.ts'

/** How likely one fault two groups are, on average of all pairs, to be one. Below a half, as a fault told once more is worse than two words for one. */
const ALIKE = 0.2

/** Findings that say the same as one cluster each, most important first. The order of `findings` does not matter. */
export function consolidate(findings: readonly Finding[]): readonly Cluster[] {
  const words = reviewWords(findings)
  const byPath = Map.groupBy(findings.toSorted(byPlace), ({ path }) => path)
  const groups = [...byPath.values()].flatMap((ofPath) => link(ofPath, similarities(ofPath, words), ALIKE))
  return withFingerprints(groups.map(clusterOf).toSorted(byRank))
}

/** Several clusters about the same code are told apart by their rank. */
function withFingerprints(clusters: readonly Cluster[]): readonly Cluster[] {
  const taken = new Set<string>()
  return clusters.map((cluster) => {
    let ordinal = 0
    while (taken.has(fingerprintOf(cluster.members, ordinal))) ordinal += 1
    const fingerprint = fingerprintOf(cluster.members, ordinal)
    taken.add(fingerprint)
    return { ...cluster, fingerprint }
  })
}

function clusterOf(members: readonly Finding[]): Cluster {
  return {
    fingerprint: '',
    finding: speakerOf(members),
    members,
    families: [...new Set(members.map(({ source }) => source.family))].toSorted(),
    severity: severityOf(members),
    confidence: confidenceOf(members),
    verdict: { type: 'unverified', why: 'nobody looked at it' },
  }
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compare(a.path, b.path) ||
    a.startLine - b.startLine ||
    a.endLine - b.endLine ||
    compare(a.title, b.title) ||
    compare(a.body, b.body) ||
    compare(JSON.stringify(a), JSON.stringify(b))
  )
}
