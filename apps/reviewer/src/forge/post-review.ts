import type { Cluster } from '../consolidate/cluster.ts'
import { clusterMarkdown } from '../report/markdown-report.ts'
import { type Filter, shownOf } from '../report/shown.ts'
import type { Review } from '../review/review.ts'
import { ForgeError } from './errors.ts'
import type { Forge, LineComment, OwnThread } from './forge.ts'
import { markerOf, readMarker, SUMMARY } from './marker.ts'
import { outdatedThreads } from './outdated-threads.ts'
import { shortened } from './shortened.ts'
import { summaryOf } from './summary-of.ts'

export interface PostOptions extends Filter {
  /** On lines, with those that are there already; the others are in the summary. */
  readonly maxComments: number
}

export interface PostReport {
  /** Comments on lines that are new. */
  readonly posted: number
  /** Findings that have a comment since an earlier review. */
  readonly kept: number
  /** Threads of ours that are over. */
  readonly resolved: number
  /** Comments that the forge did not want on their lines; they are in the summary. */
  readonly refused: number
  /** Threads that are over and could not be resolved, with why. */
  readonly notes: readonly string[]
}

/**
 * Brings a review to its pull request: findings on their lines, and one summary that is edited in its place. What was
 * posted before is not posted again, whoever resolved it since. Rejects with `ForgeError`.
 */
export async function postReview(review: Review, forge: Forge, options: PostOptions): Promise<PostReport> {
  const { headSha } = await forge.getPull()
  const { threads, comments } = await forge.listOwn()
  const { standing } = shownOf(review.clusters, options)

  const known = new Set(threads.map(({ body }) => readMarker(body)?.about))
  const kept = standing.filter(({ fingerprint }) => known.has(fingerprint))
  const fresh = standing
    .filter(({ fingerprint }) => !known.has(fingerprint))
    .slice(0, Math.max(0, options.maxComments - kept.length))
  const comment = new Map(fresh.map((cluster) => [commentOf(cluster, review, headSha), cluster]))
  const refused = new Set((await forge.postComments([...comment.keys()], headSha)).map((one) => comment.get(one)))
  const posted = fresh.filter((cluster) => !refused.has(cluster))

  const summary = summaryOf(review, { filter: options, onLines: new Set([...kept, ...posted]), headSha })
  const earlier = comments.find(({ body }) => readMarker(body)?.about === SUMMARY)
  await forge.writeComment(summary, earlier?.id)

  const notes: string[] = []
  const over = outdatedThreads(threads, review)
  for (const thread of over) await resolve(thread, forge, notes)
  return {
    posted: posted.length,
    kept: kept.length,
    resolved: over.length - notes.length,
    refused: refused.size,
    notes,
  }
}

function commentOf(cluster: Cluster, review: Review, headSha: string): LineComment {
  const { path, side, startLine, endLine } = cluster.finding
  const marker = markerOf({ about: cluster.fingerprint, headSha })
  const body = `${marker}\n\n${clusterMarkdown(shortened(cluster), review, true)}`
  return { path, side, startLine, endLine, body }
}

/** GitHub asks for a right to do this that one who comments need not have: that is no reason to fail. */
async function resolve({ id, path }: OwnThread, forge: Forge, notes: string[]): Promise<void> {
  try {
    await forge.resolveThread(id)
  } catch (error) {
    if (!ForgeError.is(error) || !['auth', 'refused', 'not-found'].includes(error.code)) throw error
    notes.push(`An outdated thread in ${path} was not resolved: ${error.message}`)
  }
}
