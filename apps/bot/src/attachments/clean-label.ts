const LONGEST_LINE = 100

/** What somebody calls a file, for showing: its last part, on one line, without what cannot be seen or turns text around. */
export function cleanLabel(label: string): string {
  const name = cleanLine(label.slice(Math.max(label.lastIndexOf('/'), label.lastIndexOf('\\')) + 1))
  return /^\.*$/.test(name) ? 'file' : name
}

/** A stranger's words on one line of 100 characters at most. */
export function cleanLine(text: string): string {
  // Four times is room for what goes; nobody's name is worth the time that a million characters take.
  const visible = text
    .slice(0, 4 * LONGEST_LINE)
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}]/gu, '')
    .trim()
  const characters = Array.from(visible)
  return characters.length <= LONGEST_LINE ? visible : `${characters.slice(0, LONGEST_LINE - 1).join('')}…`
}
