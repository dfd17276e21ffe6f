import type { EntryOf } from '../view/entry.ts'

/** What one person said, up to another's word: answers keep to the order in which people spoke. */
export function ownWords(waiting: readonly EntryOf<'said'>[], personId: string): readonly EntryOf<'said'>[] {
  const other = waiting.findIndex(({ author }) => author.id !== personId)
  return other < 0 ? waiting : waiting.slice(0, other)
}
