/**
 * A text as it is: characters that hide, or that turn the direction of what follows, are named in place of being obeyed.
 * What a person approves must read as it will be done.
 */
export function visibleText(text: string): string {
  return text.replaceAll(
    /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|(?![\n\t])\p{Cc}/gu,
    (char) => `[U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  )
}
