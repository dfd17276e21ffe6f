import type { UserMessage, UserPart } from '@executus/core'
import type { SqliteFileStore } from '@executus/store-sqlite'

import { noteOfSkipped } from '../attachments/note-of-skipped.ts'
import { partOfFile } from '../attachments/part-of-file.ts'
import type { EntryOf } from '../view/entry.ts'

/** What somebody said, with what came with it, as a model sees it. Where several people speak, it reads who did. */
export async function messageOf(
  said: readonly EntryOf<'said'>[],
  files: Pick<SqliteFileStore, 'read'>,
  { isShared }: { readonly isShared: boolean },
): Promise<UserMessage> {
  const parts: UserPart[] = []
  for (const entry of said) {
    // A name of several lines could speak for somebody else.
    const text = isShared ? `${entry.author.name.replaceAll(/\s+/g, ' ')}: ${entry.text}` : entry.text
    if (text !== '') parts.push({ type: 'text', text })
    for (const { name, label, mediaType } of entry.files) {
      const kept = await files.read(name)
      if (kept === undefined) parts.push({ type: 'text', text: `[${label}: not kept any more]` })
      else parts.push(partOfFile(kept.bytes, mediaType, label))
    }
    const note = noteOfSkipped(entry.skipped)
    if (note !== undefined) parts.push({ type: 'text', text: note })
  }
  return { role: 'user', content: parts.length > 0 ? parts : [{ type: 'text', text: '(nothing)' }] }
}
