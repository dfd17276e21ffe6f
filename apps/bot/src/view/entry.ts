/** One thing in a conversation, as people see it. Plain data; it changes in its place, under its id. */
export type Entry = EntryBody & EntryPlace

export type EntryOf<Kind extends Entry['kind']> = Entry & { readonly kind: Kind }

interface EntryPlace {
  /** Counts up over all conversations. */
  readonly id: number
  readonly conversationId: string
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** The run that it is of. */
  readonly runId?: string
}

export type EntryBody = SaidEntry | AnswerEntry | QuestionEntry | NoticeEntry

/** What a person said. */
export interface SaidEntry {
  readonly kind: 'said'
  readonly author: Person
  readonly text: string
  readonly files: readonly KeptFile[]
  /** Why others were not taken; the agent is told as well. */
  readonly skipped: readonly SkippedFile[]
  /** `waiting` for the run before it; `taken` by a run that is under way; `answered`: that run has ended. */
  readonly state: 'waiting' | 'taken' | 'answered'
}

/** How a run ended. */
export interface AnswerEntry {
  readonly kind: 'answer'
  /** Markdown, from a model: never to be trusted. */
  readonly text: string
  readonly agent: string
  /** `stopped`: by a person. `failed`: `problem` says why, and `text` holds what was written until then. */
  readonly outcome: 'ok' | 'failed' | 'stopped'
  readonly problem?: string
  /** What the run did before its answer. */
  readonly trail: readonly TrailItem[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** Absent where the process that knew it died. */
  readonly elapsedMs?: number
  /** The job that asked, in place of a person. */
  readonly job?: string
  /** Whether it reached the people of a channel that is sent to. `unknown`: it may have, and is not sent again. */
  readonly delivery?: 'waiting' | 'sent' | 'unknown' | 'failed'
}

/** Something that a person must decide. */
export interface QuestionEntry {
  readonly kind: 'question'
  /** Letters and digits, 20 at most: it fits into a button's id. */
  readonly questionId: string
  /** `approval`: a tool call waits. `budget`: somebody's budget is used up. */
  readonly topic: 'approval' | 'budget'
  readonly title: string
  /** Plain text, from a model in part: what exactly would be done. */
  readonly details: string
  readonly choices: readonly Choice[]
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
  /** What was decided, and by whom; absent while it is open. */
  readonly outcome?: string
  /** Whether what was asked about may be done. */
  readonly isYes?: boolean
}

export interface Choice {
  /** Lower-case letters, 10 at most. */
  readonly id: string
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
}

/** A word of the bot itself. */
export interface NoticeEntry {
  readonly kind: 'notice'
  /** Markdown of our own, with names that people chose in it. */
  readonly text: string
  readonly tone: 'info' | 'warning'
}

export interface Person {
  /** `<channel>:<id there>`: `discord:1234`. */
  readonly id: string
  readonly name: string
}

/** A file that came with a message, kept: `GET /api/files/<name>` of the web chat gives it. */
export interface KeptFile {
  /** Where it is kept. */
  readonly name: string
  /** What it was called. */
  readonly label: string
  readonly mediaType: string
  readonly size: number
}

export interface SkippedFile {
  readonly label: string
  /** One clause: `larger than 8 MB`. */
  readonly reason: string
}

/** What a run did, in the order in which it did it. */
export type TrailItem =
  | { readonly type: 'text'; readonly step: number; readonly text: string }
  | {
      readonly type: 'tool'
      readonly callId: string
      readonly tool: string
      /** As the model wrote it, cut. */
      readonly input: string
      readonly state: 'running' | 'done' | 'failed'
      /** What it gave, cut. */
      readonly result?: string
      readonly elapsedMs?: number
      /** Names of the agents between the run and the call, where it delegated. */
      readonly by?: readonly string[]
    }
