/**
 * A text as it is: characters that hide, or that turn the direction of what follows, are named in place of being obeyed.
 * What a person approves must read as it will be done.
 */
export function visibleText(text: string): string {
  return text.replaceAll(
    /[\p{Bidi_Control}\u00AD\u200B-\u200D\u2060-\u2064\uFEFF\u{E0000}-\u{E007F}]|(?![\n\t])\p{Cc}/gu,
    (char) => `[U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  )
}
