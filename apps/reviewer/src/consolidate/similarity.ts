import type { Finding } from '../finding/finding.ts'
import { cosine, type Profile, profilesOf } from './profile.ts'

// A logistic regression of "is one fault" over the pairs of the corpus, rounded; its score is flat around these numbers.
const BIAS = -7.5
const WORDS = 5
/** By the root, as the first word in common says more than the tenth. */
const FEW_WORDS = 6
const PLACE = 2.5
/** Neither has a better match among what the other's reviewer said. */
const MUTUAL = 2
/** Who answers once tells one fault once: what stands in one reply are two, unless words and place are one. */
const ONE_REPLY = 6
/** What is the same to the letter. */
const CERTAIN = 10
/** Reviewers point at the statement, at the head of its function, or at the block. */
const NEAR_LINES = 10

/** What has to be known of the whole review. */
export interface ReviewWords {
  readonly profiles: ReadonlyMap<Finding, Profile>
  readonly hasSeveralReplies: boolean
}

/** Takes in all findings of a review. */
export function reviewWords(findings: readonly Finding[]): ReviewWords {
  return { profiles: profilesOf(findings), hasSeveralReplies: new Set(findings.map(replyOf)).size > 1 }
}

/**
 * How likely each two of the findings of one file are one fault told twice, from 0 to 1. The place alone never makes it likely:
 * it says how alike the words have to be.
 */
export function similarities(findings: readonly Finding[], review: ReviewWords): readonly Float64Array[] {
  const odds = findings.map(() => new Float64Array(findings.length).fill(Number.NEGATIVE_INFINITY))
  for (const [row, a] of findings.entries())
    for (let column = row + 1; column < findings.length; column++)
      odds[row]![column] = odds[column]![row] = oddsOf(a, findings[column]!, review.profiles)

  const replies = findings.map(replyOf)
  const best = odds.map((row) => bestOf(row, replies))
  const isBest = (a: number, b: number) => odds[a]![b]! >= best[a]!.get(replies[b]!)!
  return odds.map((row, a) =>
    row.map((value, b) => {
      // Then there is nobody to compare with, and it is not known who says what.
      if (!review.hasSeveralReplies) return logistic(value + MUTUAL / 2)
      if (replies[a] === replies[b]) return logistic(value - ONE_REPLY)
      return logistic(value + MUTUAL * Number(isBest(a, b) && isBest(b, a)))
    }),
  )
}

function oddsOf(a: Finding, b: Finding, profiles: ReadonlyMap<Finding, Profile>): number {
  const said = cosine(profiles.get(a)!, profiles.get(b)!)
  if (a.title === b.title && a.body === b.body && gap(a, b) === 0) return CERTAIN
  return BIAS + WORDS * said + FEW_WORDS * Math.sqrt(said) + PLACE / (1 + gap(a, b) / NEAR_LINES)
}

/** By reply, the odds of the best match in it. */
function bestOf(odds: Float64Array, replies: readonly string[]): ReadonlyMap<string, number> {
  const best = new Map<string, number>()
  for (const [index, reply] of replies.entries())
    best.set(reply, Math.max(best.get(reply) ?? Number.NEGATIVE_INFINITY, odds[index]!))
  return best
}

/** Lines from one to the other; 0 where they overlap. The two sides of a change count about alike. */
function gap(a: Finding, b: Finding): number {
  return Math.max(0, Math.max(a.startLine, b.startLine) - Math.min(a.endLine, b.endLine))
}

function replyOf({ source: { model, lens, bundle } }: Finding): string {
  return JSON.stringify([model, lens, bundle])
}

function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}
