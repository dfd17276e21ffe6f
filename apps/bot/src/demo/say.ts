import type { DemoCall, DemoReply, DemoResult, DemoTurn } from './turn.ts'

/** Has calls made, if all of their tools are on offer; says what is missing if not. */
export function callOrSay(turn: DemoTurn, text: string, calls: readonly DemoCall[]): DemoReply {
  const missing = [...new Set(calls.map(({ name }) => name).filter((name) => !turn.tools.has(name)))]
  return missing.length === 0 ? { text, calls } : { text: missingTools(missing) }
}

export function missingTools(names: readonly string[]): string {
  const tools = names.map((name) => `\`${name}\``).join(' and ')
  return `For that I need ${tools}, and this conversation does not have ${names.length === 1 ? 'it' : 'them'}.`
}

/** Why a call came to nothing, plainly. */
export function failureOf({ tool, text }: Pick<DemoResult, 'tool' | 'text'>): string {
  const [, declined] = /was not called: it was declined(.*)$/s.exec(text) ?? []
  if (declined === undefined) return `\`${tool}\` did not work: ${text}`
  // `: The person declined..`
  const why = declined.replace(/^:\s*/, '').replace(/\.+$/, '')
  return `\`${tool}\` was declined${why === '' || why === 'The person declined' ? '' : ` (${why})`}, so it was not done.`
}

/** The answer made of what a call gave, or of its failure. */
export function answerOf(result: DemoResult, ofText: (text: string) => string): string {
  return result.isError ? failureOf(result) : ofText(result.text)
}

/** A text as a Markdown quotation. */
export function quoted(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

/** Matches a message that begins so, after a polite word. */
export function beginsWith(words: string): RegExp {
  return new RegExp(String.raw`^\W*(?:(?:please|can you|could you|would you|and|now)[\s,]+)*(?:${words})`, 'i')
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
