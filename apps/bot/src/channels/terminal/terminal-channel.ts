import { createInterface, type Interface } from 'node:readline/promises'

import { checkKeys, checkPort } from '@executus/core/check-option'

import type { Bot } from '../../bot/bot.ts'
import type { Channel } from '../../channel/channel.ts'
import type { Person } from '../../view/entry.ts'
import { TERMINAL } from './conversation-view.ts'
import { isDumbTerminal } from './from-env.ts'
import { greet } from './greet.ts'
import { paintFor } from './paint.ts'
import { PromptScreen } from './prompt-screen.ts'
import { takeInterrupts } from './take-interrupts.ts'
import { takeLines } from './take-lines.ts'
import { terminalOutlet } from './terminal-outlet.ts'
import { TerminalSession } from './terminal-session.ts'

interface TerminalOptions {
  /** Who sits there. */
  readonly person: Person
  /** @default process.stdin */
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  /** @default process.stdout */
  readonly output?: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** The person leaves, or nobody can read any more; called once. */
  readonly onClose: () => void
}

/**
 * A conversation with one person, line by line. In a terminal the person may type at any time; of what is not one, a line is
 * taken when all is said to the one before it, so that it can be scripted.
 */
export function terminalChannel(options: TerminalOptions): Channel {
  checkKeys('options', options, ['person', 'input', 'output', 'onClose'])
  checkPort('options', options, ['onClose'])
  const { person, input = process.stdin, output = process.stdout, onClose } = options
  let open: { readonly lines: Interface; readonly screen: PromptScreen; readonly session: TerminalSession } | undefined

  const close = (): void => {
    const closing = open
    if (closing === undefined) return
    open = undefined
    closing.session.close()
    closing.screen.close()
    closing.lines.close()
  }
  const leave = (): void => {
    if (open === undefined) return
    close()
    onClose()
  }
  return {
    name: TERMINAL.channel,
    outlet: terminalOutlet(() => open?.session),
    async open(bot: Bot) {
      const terminal = input.isTTY === true && output.isTTY === true && !isDumbTerminal()
      const lines = createInterface({ input, output, terminal })
      const screen = new PromptScreen(lines, input, output)
      const paint = paintFor(output)
      const session = new TerminalSession(bot, person, screen, paint, leave)
      open = { lines, screen, session }
      output.on('error', leave) // a reader who has seen enough is no fault, and what is on its way to them fails too
      greet(bot.about, screen, paint, terminal)
      session.follow()
      takeLines({ lines, screen, session, prompt: paint('cyan', 'you > '), leave })
      if (terminal) takeInterrupts({ lines, input, screen, session, leave })
    },
    async close() {
      close()
    },
  }
}
