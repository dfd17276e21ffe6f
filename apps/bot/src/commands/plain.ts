/** A text that somebody chose, so that it is no Markdown. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ')
}

const LONGEST_CODE = 100

/** The same, as a name of something: its start where it is long. */
export function inCode(text: string): string {
  const line = text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')
  return `\`${line.slice(0, LONGEST_CODE).toWellFormed()}\``
}
