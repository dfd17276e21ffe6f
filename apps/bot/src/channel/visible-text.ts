/**
 * A text as it is: signs that steer, hide or turn the direction of text are named in place of being obeyed. What a person
 * decides upon must read as it will be done.
 */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(HIDDEN, (sign) => `<U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`)
}

// The four are letters by their kind, and nothing to the eye.
const HIDDEN = /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|(?![\n\t])\p{Cc}/gu
