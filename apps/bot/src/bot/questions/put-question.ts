import { randomBytes } from 'node:crypto'

import type { BotRun } from '../../store/run-store.ts'
import type { Stores } from '../../store/stores.ts'
import type { QuestionEntry } from '../../view/entry.ts'
import type { LogWriter } from '../log.ts'

export interface NewQuestion extends Pick<QuestionEntry, 'topic' | 'title' | 'details' | 'choices' | 'expiresAtMs'> {
  /** Of an approval: the request that is decided. */
  readonly requestId?: string
}

/** Puts a question about a run into its conversation, and keeps it: its buttons work after a restart. */
export function putQuestion(writer: LogWriter, stores: Stores, run: BotRun, asked: NewQuestion): void {
  const { requestId, ...shown } = asked
  // It fits into a button, and cannot be guessed.
  const id = randomBytes(8).toString('hex')
  const body: QuestionEntry = { kind: 'question', questionId: id, ...shown }
  const { entry } = writer.add({ conversationId: run.conversationId, body, runId: run.id })
  const { topic, expiresAtMs } = shown
  const question = {
    id,
    entryId: entry.id,
    topic,
    expiresAtMs,
    runId: run.id,
    askedFor: run.caller,
    state: 'open',
  } as const
  stores.questions.add(requestId === undefined ? question : { ...question, requestId })
}
