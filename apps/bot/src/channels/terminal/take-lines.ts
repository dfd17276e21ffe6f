import type { Interface } from 'node:readline/promises'

import type { PromptScreen } from './prompt-screen.ts'
import type { TerminalSession } from './terminal-session.ts'

interface LinesOptions {
  readonly lines: Interface
  readonly screen: PromptScreen
  readonly session: TerminalSession
  readonly prompt: string
  readonly leave: () => void
}

/** Takes lines one after the other; one that ends with `\` goes on in the next. */
export function takeLines({ lines, screen, session, prompt, leave }: LinesOptions): void {
  const { terminal } = lines
  let begun = ''
  let work = Promise.resolve()
  const take = (line: string): void => {
    work = work.then(async () => {
      await session.take(line)
      if (!terminal) await session.view.idle()
    })
  }
  lines.setPrompt(prompt)
  session.view.rest()
  lines.on('line', (line) => {
    screen.lineTaken()
    const isPart = line.endsWith('\\')
    const all = begun + (isPart ? `${line.slice(0, -1)}\n` : line)
    begun = isPart ? all : ''
    lines.setPrompt(isPart ? '    > ' : prompt)
    if (isPart || all.trim() === '') session.view.rest()
    else take(all)
  })
  // In a terminal it is Ctrl-D: the person wants to go now.
  lines.once('close', () => {
    if (terminal) return leave()
    take(begun)
    void work.then(leave)
  })
}
