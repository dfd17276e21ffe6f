import { type Finding, SEVERITIES, type Severity } from '../finding/finding.ts'
import type { Cluster } from './cluster.ts'

/** Refuted ones last; else by how many families agree, then by what is at stake, then by how sure they are. */
export function byRank(a: Cluster, b: Cluster): number {
  return (
    Number(a.verdict.type === 'refuted') - Number(b.verdict.type === 'refuted') ||
    b.families.length - a.families.length ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(b.verdict.type === 'confirmed') - Number(a.verdict.type === 'confirmed') ||
    b.confidence - a.confidence ||
    compare(a.finding.path, b.finding.path) ||
    a.finding.startLine - b.finding.startLine ||
    compare(a.fingerprint, b.fingerprint)
  )
}

/** The worst that at least half of the members say: one voice that cries wolf does not carry the others. */
export function severityOf(members: readonly Finding[]): Severity {
  const sorted = members.map(({ severity }) => SEVERITIES.indexOf(severity)).toSorted((a, b) => a - b)
  return SEVERITIES[sorted[Math.ceil(sorted.length / 2) - 1]!]!
}

/** That not all of the families are wrong; models of one family are wrong together. */
export function confidenceOf(members: readonly Finding[]): number {
  const byFamily = Map.groupBy(members, ({ source }) => source.family)
  const doubts = [...byFamily.values()].map((own) => 1 - Math.max(...own.map(({ confidence }) => confidence)))
  return 1 - doubts.reduce((product, doubt) => product * doubt, 1)
}

/** The member that is shown: the surest, and of those the one that says most. */
export function speakerOf(members: readonly Finding[]): Finding {
  return members.toSorted(
    (a, b) => b.confidence - a.confidence || b.body.length - a.body.length || compare(a.source.model, b.source.model),
  )[0]!
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
