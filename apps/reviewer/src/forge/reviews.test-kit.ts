import type { Change, DiffLine } from '../change/change.ts'
import { changedFile } from '../change/changes.test-kit.ts'
import { parseDiff } from '../change/parse-diff.ts'
import type { Cluster } from '../consolidate/cluster.ts'
import { fingerprintOf } from '../consolidate/fingerprint-of.ts'
import type { Finding } from '../finding/finding.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { Lens } from '../lens/lens.ts'
import type { CellOutcome, Review } from '../review/review.ts'

const member: FleetMember = { spec: 'house/gpt-1', tier: 'gpt-1', name: 'gpt-1', family: 'gpt', key: 'house' }
const lens = { name: 'correctness', title: 'Correctness', instructions: 'Look.' } as Lens
const bundle = { id: 'bundle-1', tokens: 10, parts: [{ file: changedFile('src/a.ts', ['+x']), hunks: [] }] }

/** A review that looked everywhere and found these. */
export function reviewOf(clusters: readonly Cluster[], given: Partial<Review> = {}): Review {
  return {
    title: 'A change',
    fleet: [member],
    lenses: [lens],
    bundles: [bundle],
    cells: [cell],
    clusters,
    refused: [],
    skipped: [],
    hidden: [],
    costUsd: { knownUsd: 0.01, hasUnknown: false },
    elapsedMs: 1_000,
    isDemo: false,
    ...given,
  }
}

const cell: CellOutcome = { member, lens, bundle, elapsedMs: 1, status: 'ok', findings: 1, refused: 0 }
/** One that failed, so that the review is not complete. */
export const hole: CellOutcome = { member, lens, bundle, elapsedMs: 1, status: 'failed', reason: '429' }

/** A finding about a line of a change, by the text of the line. */
export function clusterAt(
  diff: string,
  quote: string,
  given: Partial<Finding> & Partial<Pick<Cluster, 'verdict'>> = {},
): Cluster {
  const { verdict = { type: 'unverified', why: 'nobody looked at it' }, ...said } = given
  const { path, lines } = placeIn(parseDiff(diff), quote)
  const side = lines[0]!.newLine === undefined ? 'old' : 'new'
  const number = (line: DiffLine) => (side === 'new' ? line.newLine : line.oldLine)!
  const finding: Finding = {
    path,
    side,
    startLine: number(lines[0]!),
    endLine: number(lines.at(-1)!),
    quote,
    title: `About ${quote}`,
    body: 'It is wrong.',
    severity: 'high',
    category: 'bug',
    confidence: 0.8,
    source: { model: 'gpt-1', family: 'gpt', lens: 'correctness', bundle: 'bundle-1' },
    ...said,
  }
  return {
    fingerprint: fingerprintOf([finding], 0),
    finding,
    members: [finding],
    families: ['gpt'],
    severity: finding.severity,
    confidence: finding.confidence,
    verdict,
  }
}

function placeIn({ files }: Change, quote: string): { readonly path: string; readonly lines: readonly DiffLine[] } {
  const quoted = quote.split('\n')
  for (const { path, hunks } of files)
    for (const hunk of hunks)
      for (const side of ['newLine', 'oldLine'] as const) {
        const lines = hunk.lines.filter((line) => line[side] !== undefined)
        const at = lines.findIndex((_, index) => quoted.every((text, offset) => lines[index + offset]?.text === text))
        if (at >= 0) return { path, lines: lines.slice(at, at + quoted.length) }
      }
  throw new Error(`No line of the change is ${JSON.stringify(quote)}`)
}

/** A change of `src/a.ts`, with the lines that it adds from line `start` on, behind one and before another. */
export function diffOf(added: readonly string[], start = 1): string {
  return [
    'diff --git a/src/a.ts b/src/a.ts',
    '--- a/src/a.ts',
    '+++ b/src/a.ts',
    `@@ -${start},3 +${start},${added.length + 2} @@`,
    ' const first = 1',
    '-const removed = 2',
    ...added.map((line) => `+${line}`),
    ' const last = 9',
    '',
  ].join('\n')
}

export const SHA = { base: 'b'.repeat(40), one: '1'.repeat(40), two: '2'.repeat(40) } as const
