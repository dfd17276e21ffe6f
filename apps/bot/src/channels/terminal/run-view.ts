import type { ConversationEvent } from '../../view/conversation.ts'
import type { AnswerEntry, TrailItem } from '../../view/entry.ts'
import type { LiveRun } from '../../view/live-run.ts'
import type { Paint } from './paint.ts'
import { endingOf } from './part-of-entry.ts'
import type { PromptScreen } from './prompt-screen.ts'
import { safeLine, safeText, TerminalText } from './terminal-text.ts'

type ToolItem = TrailItem & { readonly type: 'tool' }
type LiveText = ConversationEvent & { readonly type: 'live-text' }

/** Writes what a run does as it does it, each thing once, however often it is told. */
export class RunView {
  readonly #screen: PromptScreen
  readonly #paint: Paint
  /** The newest text, as it came. */
  #text: { readonly step: number; raw: string; readonly filter: TerminalText } | undefined
  readonly #calls = new Map<string, 'begun' | 'ended'>()
  /** The call whose line is the last one. */
  #lastCall: string | undefined
  #state: LiveRun['state'] | undefined
  /** Whether text is the last of it. */
  #isStreaming = false

  constructor(screen: PromptScreen, paint: Paint) {
    this.#screen = screen
    this.#paint = paint
  }

  /** All of the run, as it is now. */
  show({ state, trail, job }: LiveRun): void {
    if (this.#state === undefined && job !== undefined) this.#note(`job: ${safeLine(job)}`)
    if (state !== this.#state && state === 'queued') this.#note('waits for its turn')
    if (state !== this.#state && state === 'recovered') this.#note('goes on after a restart')
    this.#state = state
    const step = this.#text?.step
    if (this.#isStreaming && !trail.some((item) => item.type === 'text' && item.step === step)) this.#beginAnew()
    for (const item of trail)
      if (item.type === 'tool') this.#showTool(item)
      else if (this.#text === undefined || item.step >= this.#text.step) this.#showText(item.step, item.text)
    this.#isStreaming = trail.at(-1)?.type === 'text' && this.#text?.raw !== ''
  }

  /** More of the newest text. */
  add({ step, text }: LiveText): void {
    this.#showText(step, (this.#text?.step === step ? this.#text.raw : '') + text)
    this.#isStreaming = true
  }

  /** Writes what is missing of the answer; `false` when it is another than what was written. */
  finish(answer: AnswerEntry): boolean {
    const text = this.#text
    if (text === undefined || text.raw.trim() === '') return false
    const rest = restOf(answer.text, text.raw)
    if (rest === undefined || (rest !== '' && !this.#isStreaming)) return false
    this.#screen.write(text.filter.take(rest))
    this.#screen.endLine()
    const ending = endingOf(answer)
    if (ending !== '') this.#screen.line(this.#paint('red', ending))
    return true
  }

  #showText(step: number, raw: string): void {
    const known = this.#text?.step === step ? this.#text : undefined
    if (known?.raw === raw) return
    this.#lastCall = undefined
    if (known !== undefined && raw.startsWith(known.raw)) {
      this.#screen.write(known.filter.take(raw.slice(known.raw.length)))
      known.raw = raw
    } else {
      this.#screen.endLine()
      if (known !== undefined) this.#beginAnew()
      this.#text = { step, raw, filter: new TerminalText() }
      this.#screen.write(this.#text.filter.take(raw))
    }
  }

  /** An attempt was discarded: what it wrote is void. */
  #beginAnew(): void {
    this.#note('begins anew')
    this.#text = undefined
  }

  #showTool(item: ToolItem): void {
    const { callId, tool, input, state, by = [] } = item
    const indent = '  '.repeat(by.length)
    const agent = by.length === 0 ? '' : `${safeLine(by.at(-1)!)}: `
    const name = agent + safeLine(tool)
    if (!this.#calls.has(callId)) {
      this.#screen.line(
        `${indent}${this.#paint('dim', `· ${name} ${input === '{}' ? '' : safeLine(input)}`.trimEnd())}`,
      )
      this.#calls.set(callId, 'begun')
      this.#lastCall = callId
    }
    if (state === 'running' || this.#calls.get(callId) === 'ended') return
    this.#calls.set(callId, 'ended')
    // Calls that go on beside it stand between.
    const whose = this.#lastCall === callId ? '' : `${name} `
    const end =
      state === 'done'
        ? this.#paint('green', `✓ ${whose}${timeOf(item.elapsedMs)}`)
        : this.#paint('red', `✗ ${whose}${safeLine(item.result ?? 'failed')}`)
    this.#screen.line(indent + end)
    this.#lastCall = undefined
  }

  #note(text: string): void {
    this.#screen.line(this.#paint('dim', `(${safeText(text)})`))
  }
}

/** What comes after `written` in `text`, spaces at the ends left aside. */
function restOf(text: string, written: string): string | undefined {
  if (text.startsWith(written)) return text.slice(written.length)
  const [whole, begun] = [text.trim(), written.trim()]
  return whole.startsWith(begun) ? whole.slice(begun.length) : undefined
}

function timeOf(elapsedMs: number | undefined): string {
  if (elapsedMs === undefined) return 'done'
  return elapsedMs < 1_000 ? `${Math.round(elapsedMs)} ms` : `${(elapsedMs / 1_000).toFixed(1)} s`
}
