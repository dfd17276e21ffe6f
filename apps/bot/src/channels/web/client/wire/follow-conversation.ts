import type { ConversationEvent, Snapshot } from '../../../../view/conversation.ts'
import { addressOf, getEarlier } from './api.ts'
import { withPageKey } from './page-key.ts'
import { waitMs } from './wait.ts'

export interface Follower {
  /** All of it: at the beginning, and each time the bot is found again. */
  readonly onSnapshot: (snapshot: Snapshot) => void
  readonly onChange: (event: ConversationEvent) => void
  readonly onAway: () => void
  /** There is no such conversation; nothing more comes. */
  readonly onGone: () => void
}

/** How long a bot that is gone for a moment is not told of: it is restarted, or the browser changes networks. */
const PATIENCE_MS = 1_500

/** Hears of all that happens in a conversation until the returned function is called, however often the bot goes away. */
export function followConversation(conversationId: string, follower: Follower): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let patience: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let isOver = false

  const stop = (): void => {
    isOver = true
    clearTimeout(timer)
    clearTimeout(patience)
    source?.close()
  }
  const open = (): void => {
    source = new EventSource(withPageKey(`${addressOf(conversationId)}/events`))
    source.addEventListener('snapshot', ({ data }: MessageEvent<string>) => {
      clearTimeout(patience)
      patience = undefined
      failures = 0
      follower.onSnapshot(JSON.parse(data) as Snapshot)
    })
    source.addEventListener('change', ({ data }: MessageEvent<string>) => {
      follower.onChange(JSON.parse(data) as ConversationEvent)
    })
    source.addEventListener('error', () => {
      patience ??= setTimeout(follower.onAway, PATIENCE_MS)
      // It tries again by itself when the line was cut, but gives up for good on any answer that is no stream.
      if (source?.readyState === EventSource.CLOSED) void reopen()
    })
  }
  const reopen = async (): Promise<void> => {
    source?.close()
    failures++
    if (await isGone()) {
      if (isOver) return
      stop()
      follower.onGone()
    } else if (!isOver) timer = setTimeout(open, waitMs(failures))
  }
  // The stream does not tell its status.
  const isGone = async (): Promise<boolean> => {
    const answer = await getEarlier(conversationId, 1)
    return answer.outcome === 'refused' && answer.status === 404
  }
  open()
  return stop
}
