import { stripVTControlCharacters } from 'node:util'

import { stripInvisible } from '../sanitise/strip-hidden.ts'
import { widthOf } from '../terminal/text-width.ts'

/** A model's text for a terminal, which it must not be able to steer. */
export function safeText(text: string): string {
  return stripInvisible(stripVTControlCharacters(text).replaceAll('\r\n', '\n')).text.replaceAll('\r', ' ')
}

/** On one line. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll(/\s+/g, ' ').trim()
}

/** Words on lines of at most `width` columns, behind an indent. A word that is longer has a line of its own. */
export function wrap(text: string, width: number, indent: string): string {
  const lines = text.split('\n').flatMap((paragraph) => {
    const own = indent + /^ */.exec(paragraph)![0] // what is indented is a list, or code
    return rowsOf(paragraph.trim().split(/ +/), Math.max(20, width - own.length)).map((row) => own + row)
  })
  return lines.map((line) => line.trimEnd()).join('\n')
}

function rowsOf(words: readonly string[], room: number): readonly string[] {
  const rows: string[] = []
  for (const word of words) {
    const row = rows.at(-1)
    if (row === undefined || widthOf(row) + 1 + widthOf(word) > room) rows.push(word)
    else rows[rows.length - 1] = `${row} ${word}`
  }
  return rows
}

/** Styles by name, or none of them. */
export function paint(
  hasColor: boolean,
): Readonly<Record<'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', (text: string) => string>> {
  const style = (open: number, close: number) => (text: string) =>
    hasColor ? `\u001B[${open}m${text}\u001B[${close}m` : text
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
    cyan: style(36, 39),
  }
}
