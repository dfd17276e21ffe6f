import { didYouMean } from '@executus/llm'

// A caller's mistake is told at once, and names the option, what was expected and what came. For batteries too, as
// `@executus/core/check-option`: a host should read one kind of complaint.

/** @throws TypeError unless `value` is an object, and no list */
export function checkObject(option: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected(option, 'an object', value)
}

/** @throws TypeError unless `value` is an object that has no other keys than `known` */
export function checkKeys(option: string, value: unknown, known: readonly string[]): void {
  checkObject(option, value)
  for (const key of Object.keys(value))
    if (!known.includes(key))
      throw new TypeError(`Expected \`${option}\` to have no option \`${key}\`.${didYouMean(key, known)}`)
}

/** @throws TypeError unless `value` is a text with something in it */
export function checkText(option: string, value: unknown): void {
  if (typeof value !== 'string') throw expected(option, 'a string', value)
  if (value.trim() === '')
    throw new RangeError(`Expected \`${option}\` to be a string that is not blank, got \`${value}\``)
}

/** @throws RangeError unless `value` is an integer of `least` or more, or `Infinity` */
export function checkCount(option: string, value: unknown, least: number): void {
  const what = `an integer of ${least} or more`
  if (typeof value !== 'number') throw expected(option, what, value)
  const isCount = Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY
  if (!isCount || value < least) throw new RangeError(`Expected \`${option}\` to be ${what}, got \`${value}\``)
}

/** @throws RangeError unless `value` is one of `choices` */
export function checkOneOf(option: string, value: unknown, choices: readonly string[]): void {
  if (!choices.includes(value as string))
    throw new RangeError(`Expected \`${option}\` to be one of ${choices.join(', ')}, got ${describe(value)}`)
}

/** @throws TypeError unless `value` is a list of non-blank texts */
export function checkTexts(option: string, value: unknown): void {
  if (!Array.isArray(value)) throw expected(option, 'a list of strings', value)
  for (const [index, item] of value.entries()) checkText(`${option}[${index}]`, item)
}

/** @throws TypeError unless `value` has a function under each of `methods` */
export function checkPort(option: string, value: unknown, methods: readonly string[]): void {
  for (const method of methods)
    if (typeof (value as Readonly<Record<string, unknown>> | null | undefined)?.[method] !== 'function')
      throw expected(option, `an object with a method \`${method}\``, value)
}

/** The error for a value of the wrong type. */
export function expected(option: string, what: string, value: unknown): TypeError {
  return new TypeError(`Expected \`${option}\` to be ${what}, got ${describe(value)}`)
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `\`'${value.length > 60 ? `${value.slice(0, 60).toWellFormed()}…` : value}'\``
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  return `\`${String(value)}\``
}
