import type { Bot } from '../../bot/bot.ts'
import type { Paint } from './paint.ts'
import type { PromptScreen } from './prompt-screen.ts'
import { safeLine } from './terminal-text.ts'

/** Says what one talks to. A script is told only what it must know. */
export function greet(about: Bot['about'], screen: PromptScreen, paint: Paint, isTerminal: boolean): void {
  if (about.isDemo)
    screen.line(paint('yellow', 'No model is configured: what it says is scripted, but its tools really run.'))
  if (!isTerminal) return
  if (!about.isDemo) screen.line(paint('dim', `You talk to ${safeLine(about.models)}.`))
  screen.line(paint('dim', 'A \\ at the end of a line goes on in the next. /help lists the commands, /quit leaves.'))
  for (const suggestion of about.suggestions) screen.line(paint('dim', `  ${safeLine(suggestion)}`))
  screen.line('')
}
