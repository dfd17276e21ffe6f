/**
 * The text that bytes are: UTF-8, or UTF-16 that says so by its mark; without the mark. `undefined` when they are none, or
 * hold control characters, as text that people write does not.
 */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
    return CONTROL.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** Whether bytes may be text in one of the older encodings, of which none can be told from another. */
export function isMaybeText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || SPACES.has(byte))
}

const SPACES: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d])
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000E-\u001F\u007F-\u0084\u0086-\u009F]/

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
