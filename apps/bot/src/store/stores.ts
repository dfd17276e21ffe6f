import { AuditNoteStore } from './audit-note-store.ts'
import type { BotDatabase } from './bot-database.ts'
import { ConversationStore } from './conversation-store.ts'
import { EntryStore } from './entry-store.ts'
import { PartStore } from './part-store.ts'
import { QuestionStore } from './question-store.ts'
import { RunStore } from './run-store.ts'
import { TurnStore } from './turn-store.ts'

/** The tables of the bot's own file. */
export interface Stores {
  readonly conversations: ConversationStore
  readonly entries: EntryStore
  readonly runs: RunStore
  readonly turns: TurnStore
  readonly questions: QuestionStore
  readonly parts: PartStore
  readonly auditNotes: AuditNoteStore
  /** Does `work` as one transaction. What it throws undoes it. */
  atomically<T>(work: () => T): T
}

export function openStores(db: BotDatabase): Stores {
  return {
    conversations: new ConversationStore(db),
    entries: new EntryStore(db),
    runs: new RunStore(db),
    turns: new TurnStore(db),
    questions: new QuestionStore(db),
    parts: new PartStore(db),
    auditNotes: new AuditNoteStore(db),
    atomically: (work) => db.transaction(work).immediate(),
  }
}
