import type { Range } from './ranges.ts'

/** Shorter ones cannot be told from ordinary text. */
export const SHORTEST_SECRET = 4
/** The middle of what was encoded twice holds less of the secret than it is long. */
const SHORTEST_TWICE = 8

const KIND = 'secret'
const BASE64 = /[A-Za-z0-9+/_-]/

interface Needle {
  readonly text: string
  readonly isBase64: boolean
}

/**
 * Known secrets in one pass over a text, however many there are: the hash of the four characters before each place tells
 * whether one may begin there.
 */
export class Needles {
  /** Length of the longest secret. */
  readonly longest: number
  readonly #mayBegin = new Uint8Array(1 << 16)
  readonly #byHash = new Map<number, Needle[]>()

  constructor(secrets: readonly string[]) {
    this.longest = secrets.reduce((longest, { length }) => Math.max(longest, length), 0)
    for (const secret of new Set(secrets)) for (const needle of spellings(secret)) this.#add(needle)
  }

  get isEmpty(): boolean {
    return this.longest === 0
  }

  #add(needle: Needle): void {
    let hash = 0
    for (let index = 0; index < SHORTEST_SECRET; index++) hash = next(hash, needle.text.charCodeAt(index))
    this.#mayBegin[hash] = 1
    const others = this.#byHash.get(hash) ?? []
    this.#byHash.set(hash, [...others.filter(({ text }) => text !== needle.text), needle])
  }

  find(text: string): readonly Range[] {
    const found: Range[] = []
    let hash = 0
    for (let index = 0; index < text.length; index++) {
      hash = next(hash, text.charCodeAt(index))
      if (this.#mayBegin[hash] !== 1 || index < SHORTEST_SECRET - 1) continue
      const start = index - SHORTEST_SECRET + 1
      for (const { text: needle, isBase64 } of this.#byHash.get(hash)!)
        if (text.startsWith(needle, start)) found.push(rangeOf(text, start, start + needle.length, isBase64))
    }
    return found
  }
}

/** Each character is gone after four more. */
function next(hash: number, code: number): number {
  return ((hash << 4) ^ code) & 0xffff
}

/** The character on either side of an encoded secret holds bits of it. */
function rangeOf(text: string, start: number, end: number, isBase64: boolean): Range {
  const isEdge = (index: number) => isBase64 && BASE64.test(text[index] ?? '')
  return { start: start - (isEdge(start - 1) ? 1 : 0), end: end + (isEdge(end) ? 1 : 0), kind: KIND }
}

/** The ways to write a secret that no view undoes. */
function spellings(secret: string): readonly Needle[] {
  const wellFormed = secret.toWellFormed()
  const trimmed = secret.trim().length < SHORTEST_SECRET ? secret : secret.trim() // files end with a line break
  const texts = new Set(
    [secret, wellFormed, trimmed].flatMap((text) => [text, joined(text), text.replaceAll(' ', '+')]),
  )
  const hex = hexOf(trimmed)
  const encoded = base64Of(trimmed)
  const inBase64 = [
    JSON.stringify(trimmed).slice(1, -1),
    encodeURIComponent(trimmed.toWellFormed()),
    ...hex,
    ...encoded,
  ]
  const twice = [...inBase64.flatMap(base64Of), ...encoded.flatMap(hexOf)].filter(
    (text) => text.length >= SHORTEST_TWICE,
  )
  return [
    ...[...texts, ...hex].map((text) => ({ text, isBase64: false })),
    ...[...encoded, ...twice].map((text) => ({ text, isBase64: true })),
  ].filter(({ text }) => text.length >= SHORTEST_SECRET)
}

/** As it reads where line breaks were taken away. */
function joined(text: string): string {
  return text.replaceAll(/\r?\n[ \t]*/g, '')
}

function hexOf(text: string): readonly string[] {
  const hex = Buffer.from(text).toString('hex')
  return [hex, hex.toUpperCase()]
}

/** What of the encoded text is the same whatever stands before and after this one. */
function base64Of(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const core = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
