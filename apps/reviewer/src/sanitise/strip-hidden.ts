import type { HiddenText } from './hidden-text.ts'

type Kind = HiddenText['kind']

/** What a person does not see, by kind. What scripts and emoji need to be written (U+FE0F, a joiner between them) is no fault. */
const INVISIBLE: readonly (readonly [kind: Kind, pattern: RegExp])[] = [
  ['tag-character', /[\u{E0000}-\u{E007F}]/gu],
  ['bidi-control', /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu],
  [
    'zero-width',
    /(?<!\p{Extended_Pictographic}\uFE0F?|\p{M}|[\u0600-\u0FFF])[\u200C\u200D]|[\u200B\u2060-\u2064\uFEFF\u00AD\u180E]/gu,
  ],
  // Selectors beyond those of emoji can say any text, a byte each.
  ['other-invisible', /[\uFE00-\uFE0E\u{E0100}-\u{E01EF}\u115F\u1160\u3164\uFFA0\u206A-\u206F\uFFF9-\uFFFB]/gu],
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  ['other-invisible', /[\u0000-\u0008\u000B\u000E-\u001F\u007F-\u009F]/gu],
]

/** `text` without what a person does not see, and how much of each kind there was. Line ends stay where they are. */
export function stripInvisible(text: string): { readonly text: string; readonly counts: ReadonlyMap<Kind, number> } {
  const counts = new Map<Kind, number>()
  let left = text
  for (const [kind, pattern] of INVISIBLE)
    left = left.replace(pattern, () => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      return ''
    })
  return { text: left, counts }
}

/** JSON in which such characters are written as their numbers, so that it says the same. */
export function escapeInvisible(json: string): string {
  const escaped = (character: string) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('')
  return INVISIBLE.reduce((text, [, pattern]) => text.replace(pattern, escaped), json)
}

/** `text` without the insides of its HTML comments; `isOpen` goes from one piece of a text to the next. */
export function stripComments(
  text: string,
  isOpen = false,
): { readonly text: string; readonly count: number; readonly isOpen: boolean } {
  let out = ''
  let count = 0
  let rest = text
  let isInside = isOpen
  for (;;) {
    const at = rest.indexOf(isInside ? '-->' : '<!--')
    if (at < 0) return { text: isInside ? out : out + rest, count, isOpen: isInside }
    if (!isInside) {
      out += rest.slice(0, at)
      count += 1
    }
    rest = rest.slice(at + (isInside ? 3 : 4))
    isInside = !isInside
  }
}
