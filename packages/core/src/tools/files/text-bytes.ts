/**
 * A text that a model wrote, as it goes into a file.
 *
 * @throws Error worded for the model when it would not come back as the same text
 */
export function textBytes(name: string, text: string): Buffer {
  if (text.includes('\0') || !text.isWellFormed()) throw new Error(`${name} may not hold NUL or broken characters`)
  return Buffer.from(text, 'utf8')
}
