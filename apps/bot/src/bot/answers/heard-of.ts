import { isDeepStrictEqual } from 'node:util'

import type { Message, UserMessage } from '@executus/core'

import { noteOfSkipped } from '../../attachments/note-of-skipped.ts'
import type { EntryOf } from '../../view/entry.ts'

/**
 * Those that wait though a run has heard them. `messages` is what it added, `question` what it was asked, `told` what it is
 * known to have heard. In doubt it has not: who says the same twice is answered twice.
 */
export function heardOf(options: {
  readonly messages: readonly Message[]
  readonly question: Message | undefined
  readonly told: readonly EntryOf<'said'>[]
  readonly waiting: readonly EntryOf<'said'>[]
}): readonly EntryOf<'said'>[] {
  const { messages, question, told, waiting } = options
  if (question === undefined) return []
  const asked = messages.findLastIndex((message) => isDeepStrictEqual(message, question))
  if (asked < 0) return []
  const heard = messages.slice(asked + 1).filter((message) => message.role === 'user')
  const takeOut = (entry: EntryOf<'said'>): boolean => {
    const at = heard.findIndex((message) => isOf(message, entry))
    if (at >= 0) heard.splice(at, 1)
    return at >= 0
  }
  for (const entry of told) takeOut(entry)
  return waiting.filter(takeOut)
}

function isOf({ content }: UserMessage, { text, files, skipped }: EntryOf<'said'>): boolean {
  const words = [text, noteOfSkipped(skipped) ?? ''].filter((one) => one !== '')
  const heard = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return isDeepStrictEqual(heard, words) && content.length - heard.length === files.length
}
