import type { Cluster } from '../consolidate/cluster.ts'
import type { Severity } from '../finding/finding.ts'
import type { Review } from '../review/review.ts'
import { boundedText } from './bounded.ts'
import { coverageLine, earlyEnd, holeLines } from './coverage.ts'
import { jsonText } from './json-text.ts'
import { type Filter, shownOf } from './shown.ts'
import { agreementText, placeText } from './verdict-text.ts'

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
}

/**
 * SARIF 2.1.0, with what GitHub's code scanning asks for beside it
 * (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support). Rules are the lenses:
 * categories are a model's own words and differ from run to run. Refuted findings are left out.
 */
export function sarifReport(review: Review, filter: Filter): string {
  const { lenses } = review
  const { standing } = shownOf(review.clusters, filter)
  const notes = [...holeLines(review), ...[earlyEnd(review)].filter((line) => line !== undefined)]
  const rules = lenses.map(({ name, title, instructions }) => ({
    id: name,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: instructions.replaceAll('\n', ' ').slice(0, 1_000) },
    help: { text: instructions },
    ...(name === 'security' && { properties: { tags: ['security'] } }),
  }))
  const run = {
    tool: { driver: { name: 'executus-review', rules } },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: notes.length === 0,
        toolExecutionNotifications: notes.map((text) => ({ level: 'error', message: { text } })),
      },
    ],
    properties: { coverage: coverageLine(review), isDemo: review.isDemo },
    results: standing.map((cluster) => resultOf(cluster, review)),
  }
  return jsonText({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] })
}

function resultOf(cluster: Cluster, review: Review) {
  const { finding, fingerprint, severity, confidence, families } = cluster
  const { path, side, startLine, endLine, quote, title, body, category, source } = finding
  const ruleIndex = review.lenses.findIndex(({ name }) => name === source.lens)
  // A deleted line is nowhere in the file as it is, and an alert must be somewhere: its message says where it was.
  const region = side === 'new' ? { startLine, endLine, snippet: { text: quote } } : { startLine: 1 }
  const what = side === 'new' ? title : `${title}: ${placeText(cluster)}`
  return {
    ruleId: source.lens,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVELS[severity],
    message: { text: `${what}\n\n${boundedText(body)}\n\n${agreementText(cluster, review)}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' }, region } }],
    // The name is the one that GitHub knows alerts again by; without it the lines around are hashed, which change.
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    properties: { category, confidence, families },
  }
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
