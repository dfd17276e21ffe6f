import type { JsonValue, ModelReply, ToolResultPart, Usage, UserMessage } from '@executus/llm'

import type { ApprovalRequest } from '../permission/approvals.ts'
import type { RunUsage } from '../result.ts'

/** One line of a run's journal. The run's state is nothing but the fold of them, in order. */
export type JournalEntry = JournalEntryBody & {
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

export type JournalEntryBody =
  // Written by the door.
  | { readonly type: 'intent'; readonly key: string; readonly kind: CallKind; readonly attempt: number }
  | { readonly type: 'result'; readonly key: string; readonly kind: CallKind; readonly value: unknown }
  | { readonly type: 'signal'; readonly name: string; readonly value: JsonValue }
  // Noted by the loop.
  /** A process took the run up; or left it, after the run was at work for so long in all. */
  | { readonly type: 'segment'; readonly elapsedMs?: number }
  | { readonly type: 'message'; readonly from: MessageSource; readonly message: UserMessage }
  | { readonly type: 'tool-results'; readonly results: readonly ToolResultPart[] }
  | { readonly type: 'approval-request'; readonly requests: readonly ApprovalRequest[] }
  | { readonly type: 'limits'; readonly steps: number; readonly timeMs: number }
  | CompactionEntry
  | { readonly type: 'phase-end' }

/** What a call that passes the door is for. */
export type CallKind = 'model' | 'tool' | 'compaction' | 'child' | 'other'

/** Who spoke: a person or the critic through the run's handle, or the loop, which asks for a better answer. */
export type MessageSource = 'mail' | 'review'

/** What the model no longer sees of the conversation, counted in the messages that it saw until now. */
export interface CompactionEntry {
  readonly type: 'compaction'
  /** The conversation's tokens when it was found too large. */
  readonly tokensBefore: number
  /** Set when a provider had refused it: the step that asked is not to ask so again. */
  readonly isOverflow?: true
  /** Tool results before this message are cut to `maxChars`. */
  readonly shrink?: { readonly before: number; readonly maxChars: number }
  /** The messages from `from` (inclusive) to `to` (exclusive) are replaced by `text`. */
  readonly summary?: { readonly from: number; readonly to: number; readonly text: string }
}

/** The result of a `model` call. */
export interface StepReply extends ModelReply {
  /** What attempts had used that were given up before the one that answered. */
  readonly failedUsage?: readonly Usage[]
}

/** The result of a `tool` or `child` call. */
export interface ToolOutcome {
  readonly result: ToolResultPart
  /** What a delegated run used. */
  readonly usage?: RunUsage
  /** How long it waited for people, which is nobody's time. */
  readonly waitedMs?: number
}

/** The result of a `compaction` call. */
export interface Summary {
  readonly text: string
  /** The messages that it was made of, counted as in a `compaction` entry. */
  readonly from: number
  readonly to: number
  readonly usage?: Usage
  /** What attempts had used that were given up before the one that answered. */
  readonly failedUsage?: readonly Usage[]
}
