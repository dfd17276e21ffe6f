import { fanOut, type Logger, type Schema, type SchemaOutput } from '@executus/core'
import { z } from 'zod'

import { bundleText, pathText } from '../bundle/bundle-text.ts'
import type { Bundle } from '../bundle/bundle.ts'
import type { Cluster, Verdict } from '../consolidate/cluster.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { ReviewEvent } from '../review/review-event.ts'
import { ABOUT_UNTRUSTED, wrapUntrusted } from '../sanitise/wrap-untrusted.ts'
import type { Question } from '../swarm/swarm.ts'

export interface RefuteOptions {
  readonly members: readonly FleetMember[]
  readonly bundles: readonly Bundle[]
  readonly ask: <S extends Schema>(member: FleetMember, question: Question<S>) => Promise<SchemaOutput<S>>
  readonly onEvent: (event: ReviewEvent) => void
  /** Questions at a time. @default 8 */
  readonly concurrency?: number | undefined
  readonly logger?: Logger
}

const answer = z.object({
  isRefuted: z.boolean().describe('Whether the claim is wrong, or nothing bad can happen because of it.'),
  reason: z.string().describe('Why, in one or two sentences, with the line that shows it.'),
})

const INSTRUCTIONS = `Another reviewer claims that a change of code has a fault. Try to refute the claim: look for the line that already
prevents it, for a reason why the named input or order of events cannot come about, for a misreading of the code, or for something that was
so before the change. Judge by the code that is shown. If you find no such thing, the claim stands; do not refute it because it is minor.

${ABOUT_UNTRUSTED}`

/**
 * Shows each cluster to a model of another family than those that reported it, which tries to refute it. In the order of
 * `clusters`; a question without an answer leaves its cluster unverified.
 */
export async function refuteClusters(
  clusters: readonly Cluster[],
  options: RefuteOptions,
): Promise<readonly Cluster[]> {
  const { onEvent, concurrency = 8, logger } = options
  onEvent({ type: 'refute-start', clusters: clusters.length })
  const judges = judgesOf(clusters, options.members)
  let done = 0
  const cells = await fanOut(
    clusters,
    async (cluster) => {
      const verdict = await verdictOn(cluster, judges.get(cluster), options)
      done += 1
      onEvent({ type: 'refute-end', done, total: clusters.length, verdict: verdict.type })
      return { ...cluster, verdict }
    },
    { concurrency, ...(logger !== undefined && { logger }) },
  )
  return cells.map((cell) => (cell.ok ? cell.value : cell.item))
}

/** Whom each cluster is shown to: the one of another family that has the fewest so far. */
function judgesOf(clusters: readonly Cluster[], members: readonly FleetMember[]): ReadonlyMap<Cluster, FleetMember> {
  const load = new Map(members.map((member) => [member, 0]))
  const judges = new Map<Cluster, FleetMember>()
  for (const cluster of clusters) {
    const others = members.filter(({ family }) => !cluster.families.includes(family))
    const [judge] = others.toSorted((a, b) => load.get(a)! - load.get(b)!)
    if (judge === undefined) continue
    load.set(judge, load.get(judge)! + 1)
    judges.set(cluster, judge)
  }
  return judges
}

async function verdictOn(
  cluster: Cluster,
  judge: FleetMember | undefined,
  { ask, bundles }: RefuteOptions,
): Promise<Verdict> {
  if (judge === undefined) return { type: 'unverified', why: 'every family of the fleet reported it' }
  try {
    const question = { name: 'refute', instructions: INSTRUCTIONS, text: claimOf(cluster, bundles), schema: answer }
    const { isRefuted, reason } = await ask(judge, question)
    return { type: isRefuted ? 'refuted' : 'confirmed', model: judge.name, reason }
  } catch (error) {
    return { type: 'unverified', why: `${judge.name} gave no answer: ${(error as Error).message}` }
  }
}

/** The claim with the code of its file, as its reporter was shown it. */
function claimOf({ finding }: Cluster, bundles: readonly Bundle[]): string {
  const { path, startLine, endLine, quote, title, body, source } = finding
  const bundle = bundles.find(({ id }) => id === source.bundle)
  const parts = (bundle?.parts ?? []).filter(({ file }) => file.path === path)
  const lines = startLine === endLine ? `line ${startLine}` : `lines ${startLine} to ${endLine}`
  return [
    wrapUntrusted('the code', bundleText({ id: source.bundle, tokens: 0, parts })),
    wrapUntrusted('the claim', `${pathText(path)}, ${lines}:\n${quote}\n\n${title}\n${body}`),
    'Is the claim refuted?',
  ].join('\n\n')
}
