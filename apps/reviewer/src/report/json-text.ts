// Legal in JSON, but not on a terminal or in a log that shows it.
const UNSEEN = /[\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E01EF}]/gu

/** JSON for people and programs: what cannot be seen in a string is written as its number. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(UNSEEN, escaped)
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
