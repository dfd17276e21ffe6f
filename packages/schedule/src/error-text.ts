/** A record is read by people, and kept many times over. */
const LONGEST = 1_000

/** What went wrong, in a text for the record: strangers throw anything. */
export function errorText(error: unknown): string {
  let text: string
  try {
    text = String(error instanceof Error ? error.message || error.name : error)
  } catch {
    text = 'something that cannot be told'
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text.toWellFormed()
}
