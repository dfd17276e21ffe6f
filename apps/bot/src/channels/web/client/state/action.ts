import type { ConversationEvent, Snapshot } from '../../../../view/conversation.ts'
import type { Entry } from '../../../../view/entry.ts'
import type { Aside, Decision, Home, Pending, State } from './state.ts'

/** What happens on the page, or is told to it. */
export type Action =
  | { readonly type: 'home'; readonly home: Home }
  | { readonly type: 'link'; readonly link: State['link'] }
  | { readonly type: 'open'; readonly conversationId: string }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | {
      readonly type: 'change'
      readonly conversationId: string
      readonly event: ConversationEvent
      readonly atMs: number
    }
  | {
      readonly type: 'earlier'
      readonly conversationId: string
      readonly entries: readonly Entry[]
      readonly hasEarlier: boolean
    }
  | { readonly type: 'written'; readonly pending: Pending }
  | {
      readonly type: 'not-sent'
      readonly id: string
      readonly state: 'sending' | 'unsent' | 'refused'
      readonly problem?: string
    }
  /** The bot has it, or the person gave it up. */
  | { readonly type: 'pending-end'; readonly id: string; readonly entry?: Entry }
  | { readonly type: 'aside'; readonly aside: Aside }
  | { readonly type: 'aside-end'; readonly id: string }
  | { readonly type: 'decision'; readonly questionId: string; readonly decision: Decision; readonly entry?: Entry }
