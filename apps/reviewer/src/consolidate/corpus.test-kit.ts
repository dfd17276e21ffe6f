import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { type Finding, SEVERITIES } from '../finding/finding.ts'
import type { Cluster } from './cluster.ts'

/** A finding of the corpus, and which fault of its change it is about. */
export interface Labelled {
  readonly finding: Finding
  readonly issue: string
}

export interface LabelledChange {
  readonly name: string
  readonly findings: readonly Labelled[]
}

const FOLDER = join(import.meta.dirname, 'corpus')

/** `held-out` was written last: no word of it is in the lists of words because of it. */
export type Part = 'known' | 'held-out'

/**
 * Invented changes with what six reviewers, each in its manner, say about them. A file holds the code, each file of it
 * behind `@@@ path`, and the findings: `=== issue | reviewer | first line [~ last line] | severity | category`, then the title,
 * then the body. Lines are named by a part of them.
 */
export function readCorpus(part: Part): readonly LabelledChange[] {
  const folder = join(FOLDER, part)
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({
      name: basename(file, '.txt'),
      findings: labelledIn(readFileSync(join(folder, file), 'utf8'), file),
    }))
}

function labelledIn(text: string, file: string): readonly Labelled[] {
  const [code, ...reports] = text.split(/^=== /m)
  const sources = code!
    .split(/^@@@ /m)
    .slice(1)
    .map((part) => part.split('\n'))
  return reports.map((report) => {
    const [head, title, ...body] = report.split('\n')
    const [issue, reviewer, at, severity, category] = head!.split('|').map((part) => part.trim())
    const [first, last] = at!.split(' ~ ')
    const lines = sources.find((source) => source.slice(1).some((line) => line.includes(first!)))
    if (lines === undefined) throw new Error(`${file} has no line with ${first}`)
    const start = lines.findIndex((line, index) => index > 0 && line.includes(first!))
    const end = last === undefined ? start : lines.findIndex((line, index) => index > start && line.includes(last))
    if (end < 0) throw new Error(`${file} has no line with ${last} after ${first}`)
    return {
      issue: issue!,
      finding: {
        path: lines[0]!,
        side: 'new',
        startLine: start,
        endLine: end,
        quote: lines.slice(start, end + 1).join('\n'),
        title: title!,
        body: body.join('\n').trim(),
        severity: SEVERITIES.find((known) => known === severity)!,
        category: category!,
        confidence: 0.8,
        source: { model: `${reviewer}/1`, family: reviewer!, lens: 'all', bundle: 'b1' },
      },
    }
  })
}

export interface PairCount {
  /** Pairs of one issue in one cluster. */
  readonly right: number
  readonly clustered: number
  readonly labelled: number
}

/** Counts the pairs of findings that stand in one cluster against those that are about one issue. */
export function countPairs(labelled: readonly Labelled[], clusters: readonly Cluster[]): PairCount {
  const clusterOf = new Map(clusters.flatMap((cluster) => cluster.members.map((member) => [member, cluster] as const)))
  let [right, clustered, same] = [0, 0, 0]
  for (const [index, a] of labelled.entries())
    for (const b of labelled.slice(index + 1)) {
      const together = clusterOf.get(a.finding) === clusterOf.get(b.finding)
      const one = a.issue === b.issue
      right += Number(together && one)
      clustered += Number(together)
      same += Number(one)
    }
  return { right, clustered, labelled: same }
}

/** Precision, recall and their harmonic mean over several counts. */
export function scoreOf(counts: readonly PairCount[]): { precision: number; recall: number; f1: number } {
  const sum = (of: keyof PairCount) => counts.reduce((total, count) => total + count[of], 0)
  const [right, clustered, labelled] = [sum('right'), sum('clustered'), sum('labelled')]
  return { precision: right / clustered, recall: right / labelled, f1: (2 * right) / (clustered + labelled) }
}
