const ESCAPE = '\u001B'
const COMMAND = new RegExp(`^${ESCAPE}\\[\\??(\\d*)([A-Za-z])$`)
const TOKENS = new RegExp(`${ESCAPE}\\[\\??\\d*[A-Za-z]|[^${ESCAPE}]`, 'gu')

/** What a terminal shows after this was written to it, as far as this program steers one; anything else is refused. */
export function virtualScreen(written: string): {
  readonly lines: readonly string[]
  readonly isCursorShown: boolean
  readonly isWrapping: boolean
} {
  const rows: string[] = ['']
  let row = 0
  let column = 0
  const modes = new Map([
    ['25', true],
    ['7', true],
  ])
  const tokens = written.match(TOKENS) ?? []
  if (tokens.join('') !== written) throw new Error('Something was written that this screen does not know')
  for (const token of tokens) {
    const [, count = '', command] = COMMAND.exec(token) ?? []
    if (token === '\r') column = 0
    else if (token === '\n') {
      row += 1
      column = 0
      rows[row] ??= ''
    } else if (command === 'A') row = Math.max(0, row - Number(count))
    else if (command === 'K') rows[row] = rows[row]!.slice(0, column)
    else if (command === 'J') {
      rows.length = row + 1
      rows[row] = rows[row]!.slice(0, column)
    } else if (command === 'h' || command === 'l') modes.set(count, command === 'h')
    else if (command === undefined) {
      rows[row] = rows[row]!.slice(0, column).padEnd(column) + token + rows[row]!.slice(column + token.length)
      column += token.length
    } else if (command !== 'm') throw new Error(`This screen does not know ${JSON.stringify(token)}`)
  }
  const lines = rows.map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return { lines, isCursorShown: modes.get('25') === true, isWrapping: modes.get('7') === true }
}
