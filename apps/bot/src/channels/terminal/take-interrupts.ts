import type { Interface } from 'node:readline/promises'

import type { PromptScreen } from './prompt-screen.ts'
import type { TerminalSession } from './terminal-session.ts'

interface InterruptOptions {
  readonly lines: Interface
  readonly input: NodeJS.ReadableStream
  readonly screen: PromptScreen
  readonly session: TerminalSession
  readonly leave: () => void
}

/** Ctrl-C: ends what is under way, or clears what is typed, or says how to leave, or leaves. */
export function takeInterrupts({ lines, input, screen, session, leave }: InterruptOptions): void {
  let asked: 'stop' | 'leave' | undefined
  const onKey = (_text: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key?.ctrl !== true || key.name !== 'c') asked = undefined
  }
  input.on('keypress', onKey)
  lines.once('close', () => input.off('keypress', onKey))
  lines.on('SIGINT', () => {
    if (session.view.isUnderWay && asked === undefined) {
      asked = 'stop'
      void session.stop().catch(() => screen.line('It could not be stopped.'))
    } else if (lines.line !== '') {
      lines.write(null, { ctrl: true, name: 'e' })
      lines.write(null, { ctrl: true, name: 'u' })
    } else if (asked === 'leave') {
      leave()
    } else {
      asked = 'leave'
      screen.line('To leave, press Ctrl-C once more, or Ctrl-D, or type /quit.')
      session.view.rest()
    }
  })
}
