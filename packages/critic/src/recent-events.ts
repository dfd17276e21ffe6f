import { type RunEvent, type RunEventName, textOf, type ToolResultPart } from '@executus/core'

/** An event in short. */
export interface RecentEvent {
  readonly type: RunEventName
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** What of it is worth knowing, cut: `weather {"city":"Oslo"}`. */
  readonly text: string
}

/** Two steps of a dozen calls each, or more of fewer. */
const MOST_EVENTS = 50
/** About 100 tokens: with all events, and the run's input, a judge reads some thousands. */
const LONGEST_TEXT = 400

/** The last events of a run. They are kept as they are, and made short only when somebody asks. */
export class RecentEvents {
  readonly #events: RunEvent[] = []
  #next = 0
  /** What is being streamed in the present step. */
  #streamed = ''
  #streamedAtMs = 0

  note(event: RunEvent): void {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
      this.#streamedAtMs = event.atMs
      // Cut once in a while: a copy at each of thousands of deltas would cost more than they do.
      const streamed = this.#streamed + event.text
      this.#streamed = streamed.length > 20 * LONGEST_TEXT ? streamed.slice(-LONGEST_TEXT) : streamed
      return
    }
    if (event.type === 'step-start' || event.type === 'step-end' || event.type === 'attempt-discarded')
      this.#streamed = ''
    this.#events[this.#next] = event
    this.#next = (this.#next + 1) % MOST_EVENTS
  }

  /** Oldest first. What is being streamed comes last, as one delta. */
  list(): readonly RecentEvent[] {
    const ordered = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)]
    const recent = ordered.map((event): RecentEvent => ({
      type: event.type,
      atMs: event.atMs,
      text: textOfEvent(event),
    }))
    if (this.#streamed === '') return recent
    const text = `…${this.#streamed.slice(-LONGEST_TEXT)}`.toWellFormed()
    return [...recent, { type: 'text-delta', atMs: this.#streamedAtMs, text }]
  }
}

/** The beginning of a text, of no more than `most` characters. */
export function cut(text: string, most: number = LONGEST_TEXT): string {
  return text.length <= most ? text.toWellFormed() : `${text.slice(0, most)}…`.toWellFormed()
}

/** A model of the host's own may hand on anything as an error, and nobody else is there to catch what it throws. */
function textOfEvent(event: RunEvent): string {
  try {
    return cut(inShort(event))
  } catch {
    return ''
  }
}

function inShort(event: RunEvent): string {
  switch (event.type) {
    case 'run-start':
      return `${event.agent} on ${event.model}`
    case 'phase-start':
      return event.phase
    case 'phase-end':
      return `${event.phase}: ${event.output}`
    case 'step-start':
      return `step ${event.step}`
    case 'text-delta':
    case 'reasoning-delta':
      return event.text
    case 'attempt-discarded':
      return `${event.model}: ${event.error.message}; asks ${event.nextModel} in ${event.waitMs} ms`
    case 'tool-call-start':
      return `${event.tool} ${event.argumentsText}`
    case 'tool-call-end':
      return `${event.tool}${event.result.isError ? ' failed' : ''}: ${resultText(event.result)}`
    case 'approval-request':
      return `waits for a person to allow ${event.requests.map(({ tool }) => tool).join(', ')}`
    case 'approval-decision':
      return event.decisions.map(({ isApproved }) => (isApproved ? 'allowed' : 'declined')).join(', ')
    case 'compaction':
      return `${event.strategy}: ${event.tokensBefore} tokens became ${event.tokensAfter}`
    case 'limits-raised':
      return `${event.maxSteps} steps, ${event.timeoutMs} ms`
    case 'child-event':
      return `${event.event.type} ${inShort(event.event)}`
    case 'steer-delivered':
      return textOf(event.message)
    case 'step-end':
      return `${event.stopReason}: ${textOf(event.message)}`
    case 'run-end':
      return event.result.status
  }
}

/** The text that a tool gave; of other parts, their kind. */
function resultText({ content }: ToolResultPart): string {
  return content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n')
}
