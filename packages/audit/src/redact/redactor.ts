import { checkCount, checkKeys, checkTexts, expected } from '@executus/core/check-option'

import { composedShapesIn } from './composed-shapes.ts'
import { KeyNames } from './key-names.ts'
import { labelledValues } from './labelled-values.ts'
import { Needles, SHORTEST_SECRET } from './needles.ts'
import { markerOf, mergeRanges, type Range } from './ranges.ts'
import { redactValue } from './redact-value.ts'
import { shapesIn } from './shapes.ts'
import { type View, viewsOf, withoutBreaks } from './views.ts'

export interface RedactorOptions {
  /**
   * Secrets of the host, of 4 characters or more each. They are found as they are, and in base64, hex, JSON, an address,
   * wrapped in lines. A function is asked at each text, for secrets that change; what it throws, the redactor throws, as
   * nothing may be let through then. @default none
   */
  readonly secrets?: readonly string[] | (() => readonly string[])
  /** More names of fields whose values are secrets; case and separators do not count. @default none */
  readonly keys?: readonly string[]
}

/** Takes secrets out of what is to be kept or shown. */
export interface Redactor {
  /**
   * The text with a marker in the place of each secret. With `maxChars`, only about so many characters of it, and a note of
   * how many more there are: what is cut off is looked at as far as a secret may reach across the cut, and no farther.
   */
  text(text: string, options?: { readonly maxChars?: number }): string
  /**
   * A copy of a value as plain JSON, its texts redacted, and what stands below the name of a secret. Errors become objects
   * with their causes; what is very deep or very large is left out with a note.
   */
  value(value: unknown): unknown
}

/**
 * A redactor. The time it takes grows with the length of the text, whatever that is.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * createRedactor({ secrets: ['hunter2'] }).text('?pass=abc&x=hunter2') // '?pass=[redacted]&x=[redacted:secret]'
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  checkKeys('options', options, ['secrets', 'keys'])
  const { secrets = [], keys = [] } = options
  if (typeof secrets !== 'function') checkSecrets('options.secrets', secrets)
  checkTexts('options.keys', keys)
  return new TextRedactor(secrets, new KeyNames(keys))
}

/** No message here says what the secret is. */
function checkSecrets(option: string, secrets: unknown): asserts secrets is readonly string[] {
  if (!Array.isArray(secrets)) throw new TypeError(`Expected \`${option}\` to be a list of strings or a function`)
  for (const [index, secret] of (secrets as readonly unknown[]).entries()) {
    if (typeof secret !== 'string') throw new TypeError(`Expected \`${option}[${index}]\` to be a string`)
    if (secret.trim().length < SHORTEST_SECRET)
      throw new RangeError(`Expected \`${option}[${index}]\` to be a string of ${SHORTEST_SECRET} characters or more`)
  }
}

// What tells the kind of a secret comes at its beginning, within so many characters; a login before a host may be long.
const LONGEST_BEGINNING = 1_024
/** A character of a secret takes at most so many in the text: `\\u0041`, `%25E2%2582%25AC`. */
const LONGEST_SPELLING = 16

class TextRedactor implements Redactor {
  readonly #secrets: readonly string[] | (() => readonly string[])
  readonly #keys: KeyNames
  #known: readonly string[] = []
  #needles = new Needles([])

  constructor(secrets: readonly string[] | (() => readonly string[]), keys: KeyNames) {
    this.#secrets = typeof secrets === 'function' ? secrets : [...secrets]
    this.#keys = keys
  }

  text(text: string, { maxChars = Number.POSITIVE_INFINITY }: { readonly maxChars?: number } = {}): string {
    if (typeof text !== 'string') throw expected('text', 'a string', text)
    checkCount('options.maxChars', maxChars, 0)
    const needles = this.#current()
    const reach = needles.longest * LONGEST_SPELLING + LONGEST_BEGINNING
    const looked = text.length > maxChars + reach ? text.slice(0, maxChars + reach) : text
    return write(text, mergeRanges(this.#find(looked, needles)), maxChars)
  }

  value(value: unknown): unknown {
    return redactValue(value, { text: (text, maxChars) => this.text(text, { maxChars }), keys: this.#keys })
  }

  #find(text: string, needles: Needles): readonly Range[] {
    return viewsOf(text).flatMap((view) => [
      ...[labelledValues(view.text, this.#keys), shapesIn(view.text), composedShapesIn(view.text)]
        .flat()
        .map((range) => placed(view, range)),
      ...(needles.isEmpty ? [] : secretsIn(view, needles)),
    ])
  }

  /** What the host's function gave is compared by its texts: hosts may fill one list anew. */
  #current(): Needles {
    const secrets: readonly string[] = typeof this.#secrets === 'function' ? this.#secrets() : this.#secrets
    const isSame = Array.isArray(secrets) && secrets.length === this.#known.length
    if (isSame && secrets.every((secret, index) => secret === this.#known[index])) return this.#needles
    checkSecrets('options.secrets()', secrets)
    this.#needles = new Needles(secrets)
    this.#known = [...secrets]
    return this.#needles
  }
}

function secretsIn(view: View, needles: Needles): readonly Range[] {
  const joined = withoutBreaks(view)
  return [view, ...(joined === undefined ? [] : [joined])].flatMap((one) =>
    needles.find(one.text).map((range) => placed(one, range)),
  )
}

/** A range of a view, in the original. */
function placed(view: View, { start, end, kind }: Range): Range {
  return { start: view.beginOf(start), end: view.endOf(end - 1), kind }
}

/** The text with markers, up to `maxChars` of it; a marker is never cut. */
function write(text: string, ranges: readonly Range[], maxChars: number): string {
  let written = ''
  let from = 0
  const isFull = () => from >= maxChars || written.length >= maxChars
  for (const range of ranges) {
    if (isFull() || range.start >= maxChars) break
    const room = maxChars - written.length
    if (range.start - from > room) break
    written += text.slice(from, range.start) + markerOf(range)
    from = range.end
  }
  if (!isFull()) {
    const to = Math.min(text.length, maxChars, from + maxChars - written.length, nextStart(ranges, from))
    const isSplit = to < text.length && /[\uD800-\uDBFF]/.test(text[to - 1] ?? '')
    written += text.slice(from, isSplit ? to - 1 : to)
    from = isSplit ? to - 1 : to
  }
  const missing = text.length - from
  return missing > 0 ? `${written.toWellFormed()}… [${missing} more characters]` : written.toWellFormed()
}

/** A secret that begins in the part that is kept, for which there was no room, is left out whole. */
function nextStart(ranges: readonly Range[], from: number): number {
  return ranges.find(({ start }) => start >= from)?.start ?? Number.POSITIVE_INFINITY
}
