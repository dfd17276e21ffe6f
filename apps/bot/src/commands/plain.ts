import { cut } from '../text/cut.ts'
import { oneLine } from '../text/one-line.ts'

/** A text that somebody chose, so that it is no Markdown. */
export function plain(text: string): string {
  return oneLine(text.replaceAll(/[\\`*_{}[\]<>#|~]/g, String.raw`\$&`))
}

const LONGEST_CODE = 100

/** The same, as a name of something: its start where it is long. */
export function inCode(text: string): string {
  return `\`${cut(oneLine(text.replaceAll('`', "'")), LONGEST_CODE)}\``
}
