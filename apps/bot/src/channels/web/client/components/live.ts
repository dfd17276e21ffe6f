import { html } from 'htm/preact'
import { h, type VNode } from 'preact'
import { useState } from 'preact/hooks'

import type { LiveRun } from '../../../../view/live-run.ts'
import type { Chat } from '../chat.ts'
import { toolKey } from '../state/live.ts'
import type { ConversationView } from '../state/state.ts'
import { useNow } from '../use-now.ts'
import { icon } from './icon.ts'
import { clockText } from './measure.ts'
import { StreamingProse } from './streaming-prose.ts'
import { ToolRow } from './tool-row.ts'

export interface LiveProps {
  readonly chat: Chat
  readonly run: LiveRun
  /** Whether the bot is: what it did not tell of yet, nobody knows. */
  readonly isAway: boolean
  readonly toolStarts: ConversationView['toolStarts']
  /** What stops all runs of the conversation, of the one that shows it. */
  readonly stopWords: 'Stop' | 'Stop all' | undefined
}

const WORDS: Readonly<Record<string, string>> = {
  queued: 'Waiting for its turn',
  waiting: 'Waits for your answer',
}

/** A run that is under way: what it has said and done until now. */
export function Live({ chat, run, isAway, toolStarts, stopWords }: LiveProps): VNode {
  const [isStopping, setStopping] = useState(false)
  const { runId, agent, state, trail, job } = run
  const isWaiting = state === 'waiting'
  const isMoving = !isWaiting && !isAway
  const nowMs = useNow(isMoving)
  const stop = () => {
    setStopping(true)
    void chat.stop().then((isTaken) => setStopping(isTaken))
  }
  const isThinking =
    trail.every((item) => item.type !== 'tool' || item.state !== 'running') && trail.at(-1)?.type !== 'text'
  return html`<article
    class="answer live"
    aria-label=${`${agent} ${isWaiting ? 'waits' : 'is at work'}`}
    aria-busy=${isMoving ? 'true' : 'false'}
  >
    <p class="who">
      ${agent} ${job !== undefined && html`<span class="tag">${icon('clock')}Scheduled: ${job}</span>`}
      ${state === 'recovered' && html`<span class="tag">Going on after a restart</span>`}
    </p>
    <div class="trail">
      ${trail.map((item, index) =>
        item.type === 'tool'
          ? h(ToolRow, { key: index, item, startedAtMs: toolStarts[toolKey(runId, item)], isOver: false })
          : html`<div class="trail-text" key=${index}>${h(StreamingProse, { text: item.text })}</div>`,
      )}
    </div>
    <div class="live-foot">
      ${state === 'queued' || !isMoving ? icon('clock') : html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`}
      <span class="live-state"
        >${isAway && !isWaiting ? 'Goes on when the bot is back' : (WORDS[state] ?? (isThinking ? 'Thinking' : 'Working'))}</span
      >
      ${isMoving && html`<span class="live-time">${clockText(nowMs - run.startedAtMs)}</span>`}
      ${
        stopWords !== undefined &&
        !isAway &&
        html`<button type="button" class="stop" disabled=${isStopping} onClick=${stop}>
          ${icon('stop')}${isStopping ? 'Stopping…' : stopWords}
        </button>`
      }
    </div>
  </article>`
}
