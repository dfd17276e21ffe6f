import type { RunEvent } from '@executus/core'

/** What a run is at. */
export interface Activity {
  /** Whether a model is asked, tools are at work, or neither: its conversation is made shorter, a port is asked. */
  readonly during: 'model' | 'tools' | 'other'
  /** The tools that are at work, the one that began first in front. */
  readonly tools: readonly ToolAtWork[]
}

export interface ToolAtWork {
  readonly tool: string
  readonly callId: string
  readonly forMs: number
}

/** Follows what a run is at, by its events. */
export class ActivityWatch {
  #isThinking = false
  readonly #tools = new Map<string, { readonly tool: string; readonly sinceMs: number }>()

  note(event: RunEvent, nowMs: number): void {
    const { type } = event
    if (type === 'tool-call-end') this.#tools.delete(event.callId)
    else if (type === 'tool-call-start') this.#tools.set(event.callId, { tool: event.tool, sinceMs: nowMs })
    // A reply is whole when the first thing is done about it.
    if (type === 'step-start') this.#isThinking = true
    else if (type === 'tool-call-start' || type === 'step-end' || type === 'approval-request') this.#isThinking = false
  }

  now(nowMs: number): Activity {
    const tools = [...this.#tools].map(([callId, { tool, sinceMs }]) => ({
      tool,
      callId,
      forMs: Math.max(0, nowMs - sinceMs),
    }))
    if (tools.length > 0) return { during: 'tools', tools }
    return { during: this.#isThinking ? 'model' : 'other', tools }
  }
}
