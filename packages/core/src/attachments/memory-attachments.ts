import { type Clock, systemClock } from '@executus/llm'

import { checkCount, checkKeys, checkObject, checkOneOf, checkPort, checkText } from '../check-option.ts'
import type {
  Attachment,
  AttachmentLabel,
  PendingAttachments,
  PutReceipt,
  TakenAttachments,
} from './pending-attachments.ts'

/** How much is kept, and how long. */
export interface MemoryAttachmentsOptions {
  /** Milliseconds after which a file is dropped. @default 600_000 */
  readonly ttlMs?: number
  /** Bytes of the files of one key. @default 26_214_400 */
  readonly maxBytesPerKey?: number
  /** Files of one key. @default 10 */
  readonly maxPerKey?: number
  /** Keys that have files. @default 1_000 */
  readonly maxKeys?: number
  /** Bytes of all files. @default 268_435_456 */
  readonly maxBytes?: number
  /** @default systemClock */
  readonly clock?: Clock
}

const DEFAULTS = {
  ttlMs: 10 * 60_000, // whoever asks later does not mean that picture any more
  maxBytesPerKey: 25 * 2 ** 20, // one mail's worth
  maxPerKey: 10, // what chats let people send at once
  maxKeys: 1_000,
  maxBytes: 256 * 2 ** 20, // a small part of what a process has, whoever sends what
}

// What an expired file leaves is small, and still it must not add up.
const EXPIRED_KEYS = 1_000
const EXPIRED_PER_KEY = 100
const LABEL_CHARS = 200

/**
 * Files that wait in memory; a restart forgets them. Nothing runs in the background: what has expired is dropped at the
 * next `put` or `take` of any key, and its label waits for the taker in its place (of the newest 1,000 keys).
 *
 * @throws TypeError or RangeError that names the option
 */
export function memoryAttachments(options: MemoryAttachmentsOptions = {}): PendingAttachments {
  checkKeys('options', options, [...Object.keys(DEFAULTS), 'clock'])
  const { clock = systemClock, ...bounds } = options
  checkPort('clock', clock, ['now', 'after'])
  for (const [name, value] of Object.entries(bounds)) if (value !== undefined) checkCount(name, value, 1)
  const given = Object.entries(bounds).filter(([, value]) => value !== undefined)
  return new MemoryAttachments({ ...DEFAULTS, ...Object.fromEntries(given) }, clock)
}

class MemoryAttachments implements PendingAttachments {
  readonly #bounds: typeof DEFAULTS
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept[]>()
  readonly #expired = new Map<string, AttachmentLabel[]>()
  #bytes = 0

  constructor(bounds: typeof DEFAULTS, clock: Clock) {
    this.#bounds = bounds
    this.#clock = clock
  }

  put(key: string, attachment: Attachment): PutReceipt {
    checkText('key', key)
    checkAttachment(attachment)
    this.#dropExpired()
    const bytes = bytesOf(attachment)
    const ofKey = this.#kept.get(key) ?? []
    const reason = this.#whyNot(ofKey, bytes)
    if (reason !== undefined) return { kept: false, reason }
    this.#kept.set(key, [...ofKey, { attachment, bytes, untilMs: this.#clock.now() + this.#bounds.ttlMs }])
    this.#bytes += bytes
    return { kept: true }
  }

  take(key: string): TakenAttachments {
    this.#dropExpired()
    const kept = this.#kept.get(key) ?? []
    const expired = this.#expired.get(key) ?? []
    this.#kept.delete(key)
    this.#expired.delete(key)
    this.#bytes -= sumOfBytes(kept)
    return { attachments: kept.map(({ attachment }) => attachment), expired }
  }

  #whyNot(ofKey: readonly Kept[], bytes: number): 'too-many' | 'too-large' | 'full' | undefined {
    const { maxPerKey, maxBytesPerKey, maxKeys, maxBytes } = this.#bounds
    if (ofKey.length >= maxPerKey) return 'too-many'
    if (sumOfBytes(ofKey) + bytes > maxBytesPerKey) return 'too-large'
    if (ofKey.length === 0 && this.#kept.size >= maxKeys) return 'full'
    return this.#bytes + bytes > maxBytes ? 'full' : undefined
  }

  #dropExpired(): void {
    const nowMs = this.#clock.now()
    for (const [key, all] of this.#kept) {
      const old = all.filter(({ untilMs }) => untilMs <= nowMs)
      if (old.length === 0) continue
      const young = all.filter(({ untilMs }) => untilMs > nowMs)
      if (young.length === 0) this.#kept.delete(key)
      else this.#kept.set(key, young)
      this.#bytes -= sumOfBytes(old)
      this.#noteExpired(key, old)
    }
  }

  #noteExpired(key: string, old: readonly Kept[]): void {
    const labels = [...(this.#expired.get(key) ?? []), ...old.map(({ attachment }) => labelOf(attachment))]
    this.#expired.delete(key) // so that it is the newest
    this.#expired.set(key, labels.slice(-EXPIRED_PER_KEY))
    const [oldest] = this.#expired.keys()
    if (this.#expired.size > EXPIRED_KEYS && oldest !== undefined) this.#expired.delete(oldest)
  }
}

interface Kept {
  readonly attachment: Attachment
  readonly bytes: number
  readonly untilMs: number
}

function checkAttachment(attachment: Attachment): void {
  checkObject('attachment', attachment)
  checkOneOf('attachment.type', attachment.type, ['image', 'file', 'audio'])
  checkText('attachment.mediaType', attachment.mediaType)
  checkObject('attachment.source', attachment.source)
  const { source } = attachment
  if ('base64' in source) checkText('attachment.source.base64', source.base64)
  else checkText('attachment.source.url', source.url)
}

function bytesOf({ source }: Attachment): number {
  return 'base64' in source ? Math.ceil((source.base64.length * 3) / 4) : source.url.length
}

function sumOfBytes(kept: readonly Kept[]): number {
  return kept.reduce((total, { bytes }) => total + bytes, 0)
}

function labelOf(attachment: Attachment): AttachmentLabel {
  const { type, mediaType } = attachment
  const name = attachment.type === 'file' ? attachment.name : undefined
  return { type, mediaType: shorten(mediaType), ...(name !== undefined && { name: shorten(name) }) }
}

function shorten(text: string): string {
  return text.length > LABEL_CHARS ? `${text.slice(0, LABEL_CHARS - 1).toWellFormed()}…` : text
}
