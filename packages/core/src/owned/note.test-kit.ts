import { type FakeClock, fakeClock } from '@executus/llm/testing'

import { checkText } from '../check-option.ts'
import { countingIds } from '../testing/counting-ids.ts'
import { recordingLogger, type RecordingLogger } from '../testing/recording-logger.ts'
import type { ItemsConfig, OwnedDraft } from './items-config.ts'
import { memoryOwnedStore } from './memory-owned-store.ts'
import { type OwnedItems, ownedItems } from './owned-items.ts'
import { portsOf } from './owned-ports.ts'
import type { OwnedStore } from './owned-store.ts'
import { nameKeyOf, type Owned, type OwnedKind } from './owned.ts'
import type { Viewer } from './viewer.ts'

/** The least kind of thing that people make. */
export interface Note extends Owned {
  readonly text: string
  readonly tags: readonly string[]
}

export const noteKind: OwnedKind<Note> = {
  noun: 'note',
  wordsOf: ({ name, text }) => nameKeyOf(`${name}\n${text}`),
}

/** What only notes have, for the conformance suite. */
export function noteContent(text: string): Omit<Note, keyof Owned> {
  return { text, tags: ['a'] }
}

export interface NoteDraft extends OwnedDraft {
  readonly text: string
  readonly tags?: readonly string[]
}

export const ann: Viewer = { id: 'ann', roles: [], isAdmin: false, scopes: ['club'] }
export const bob: Viewer = { id: 'bob', roles: [], isAdmin: false }
export const admin: Viewer = { id: 'root', roles: [], isAdmin: true }
export const nobody: Viewer = { roles: [], isAdmin: false }

export interface Kit {
  readonly notes: OwnedItems<Note, NoteDraft>
  readonly clock: FakeClock
  readonly logger: RecordingLogger
}

/** Notes with ids that count and a clock that stands still; one whose text is blank is none. */
export function kit({
  store = memoryOwnedStore(noteKind),
  ...config
}: Partial<ItemsConfig<Note>> & { readonly store?: OwnedStore<Note> } = {}): Kit {
  const clock = fakeClock()
  const logger = recordingLogger()
  const notes = ownedItems<Note, NoteDraft>({
    kind: noteKind,
    content: { text: undefined, tags: [] },
    maxPerOwner: 100,
    check: ({ text }) => checkText('note.text', text),
    ports: portsOf(noteKind, { store, clock, logger, ids: countingIds('n') }),
    ...config,
  })
  return { notes, clock, logger }
}
