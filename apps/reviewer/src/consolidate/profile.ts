import type { Finding } from '../finding/finding.ts'
import { addWords, type WordWeights } from './words.ts'

/** What a finding says, as weighed words and the length of the vector that they are. */
export interface Profile {
  readonly weights: WordWeights
  readonly length: number
}

/** With few findings nothing is known about what is rare, and this keeps it from mattering. */
const SMOOTHING = 12
/** A word said nine times says little more than one said twice. */
const REPETITION = 0.4
/** A title says what a finding is about, its body how it comes about. */
const TITLE = 1.5
const CATEGORY = 0.4
/** After so many words a body counts half: what is wrong stands first, then come suggestions and boilerplate. */
const HALF_READ = 80

/** The profiles of a review's findings: what all of them say counts less than what only two do. */
export function profilesOf(findings: readonly Finding[]): ReadonlyMap<Finding, Profile> {
  const words = new Map(findings.map((finding) => [finding, wordsOf(finding)]))
  const seenIn = new Map<string, number>()
  for (const said of words.values()) for (const word of said.keys()) seenIn.set(word, (seenIn.get(word) ?? 0) + 1)
  const rarity = (word: string) => Math.log(1 + (words.size + SMOOTHING) / (seenIn.get(word)! + 1))
  return new Map([...words].map(([finding, said]) => [finding, profileOf(said, rarity)]))
}

/** How far both say the same, from 0, no word in common, to 1. */
export function cosine(a: Profile, b: Profile): number {
  const [few, many] = a.weights.size <= b.weights.size ? [a, b] : [b, a]
  let product = 0
  for (const [word, weight] of few.weights) product += weight * (many.weights.get(word) ?? 0)
  return product === 0 ? 0 : Math.min(1, product / (a.length * b.length))
}

/** The code that is quoted is left out: it is the place once more, and the place is looked at by itself. */
function wordsOf({ title, body, category }: Finding): WordWeights {
  const words = new Map<string, number>()
  addWords(title, TITLE, words)
  addWords(category, CATEGORY, words)
  let before = 0
  for (const sentence of proseOf(body).split(/(?<=[.!?:])\s+|\n+/)) {
    addWords(sentence, 1 / (1 + before / HALF_READ), words)
    before += sentence.split(/\s+/).length
  }
  return words
}

/** Without tags and addresses: what a reviewer's tool puts around its text. */
function proseOf(body: string): string {
  return body.replaceAll(/<\/?[a-z!][^<>]*>|https?:\S+/gi, ' ')
}

function profileOf(said: WordWeights, rarity: (word: string) => number): Profile {
  const weights = new Map([...said].map(([word, times]) => [word, times ** REPETITION * rarity(word)]))
  return { weights, length: Math.hypot(...weights.values()) }
}
