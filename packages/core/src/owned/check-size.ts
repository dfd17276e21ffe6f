// How large a part of a thing from outside may be. What is of another type passes: that is told where it is looked at.

/** A tier, a tool, a delegate or a choice; nothing that exists has a longer name. */
export const LONGEST_NAME = 256

/** @throws RangeError when `text` has more than `most` characters */
export function checkChars(option: string, text: unknown, most: number): void {
  if (typeof text === 'string' && text.length > most)
    throw new RangeError(`Expected \`${option}\` to be of at most ${most} characters, got ${text.length}`)
}

/** @throws RangeError when `list` holds more than `most` */
export function checkLength(option: string, list: unknown, most: number): void {
  if (Array.isArray(list) && list.length > most)
    throw new RangeError(`Expected \`${option}\` to hold at most ${most}, got ${list.length}`)
}

/** @throws RangeError when there are more than `most` names, or one is longer than any that exists */
export function checkNames(option: string, names: unknown, most: number): void {
  checkLength(option, names, most)
  if (!Array.isArray(names)) return
  for (const [index, name] of names.entries()) checkChars(`${option}[${index}]`, name, LONGEST_NAME)
}
