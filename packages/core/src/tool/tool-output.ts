/** `text`, or its beginning and a note of how much is missing; never cut inside a character. */
export function truncate(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text.isWellFormed() ? text : text.toWellFormed()
  const splitsPair = /[\uD800-\uDBFF]/.test(text[maxChars - 1] ?? '')
  const kept = text.slice(0, splitsPair ? maxChars - 1 : maxChars).toWellFormed()
  return `${kept}\n[cut: ${text.length - kept.length} of ${text.length} characters are not shown]`
}
