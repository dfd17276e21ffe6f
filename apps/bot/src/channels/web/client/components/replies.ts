import type { TrailItem } from '../../../../view/entry.ts'

/** Words that a run meant to be read, with what it did before them. */
export interface Reply {
  readonly work: readonly TrailItem[]
  /** Absent where nothing was said after it: what comes next is the answer. */
  readonly text?: string
}

/**
 * What a run did before its answer, told apart from what it had already said: who adds a word while it works gets an answer
 * to each, and words that no call followed were one.
 */
export function repliesIn(trail: readonly TrailItem[]): readonly Reply[] {
  const replies: Reply[] = []
  let work: TrailItem[] = []
  for (const [index, item] of trail.entries()) {
    if (item.type === 'tool' || trail[index + 1]?.type === 'tool') work.push(item)
    else {
      replies.push({ work, text: item.text })
      work = []
    }
  }
  return work.length === 0 ? replies : [...replies, { work }]
}
