import { checkCount, checkKeys } from '@executus/core/check-option'

import type { IncomingFile } from '../bot/bot.ts'
import type { SkippedFile } from '../view/entry.ts'
import { cleanLabel } from './clean-label.ts'
import { kindOfFile } from './kind-of-file.ts'
import { readFile } from './read-file.ts'

/** How much may come with a message. */
export interface FileLimits {
  readonly maxFileBytes: number
  readonly maxFiles: number
  /** Bytes of all files of a message. @default 20_971_520 */
  readonly maxTotalBytes?: number
  /** Bytes of one text. @default 400_000 */
  readonly maxTextBytes?: number
  /** Milliseconds for reading one. @default 20_000 */
  readonly readTimeoutMs?: number
}

/** A file that the agent is given. */
export interface TakenFile {
  /** What its sender calls it, for showing. */
  readonly label: string
  readonly mediaType: string
  /** A text is UTF-8 without a mark, whatever it came in. */
  readonly bytes: Uint8Array
}

const DEFAULTS = {
  maxTotalBytes: 20 * 2 ** 20, // 27 MB in base64: providers take requests of 32 MB
  maxTextBytes: 400_000, // some 100,000 tokens: half of what common models read
  readTimeoutMs: 20_000,
}

/**
 * Reads the files of a message, one after the other, and takes those that an agent can read: images, PDF and text. What a
 * file is is told by its content, never by its name. Each file is in one of the two lists, in their order.
 *
 * @throws TypeError or RangeError for a wrong limit
 */
export async function takeFiles(
  files: readonly IncomingFile[],
  limits: FileLimits,
): Promise<{ readonly taken: readonly TakenFile[]; readonly skipped: readonly SkippedFile[] }> {
  checkKeys('limits', limits, ['maxFileBytes', 'maxFiles', 'maxTotalBytes', 'maxTextBytes', 'readTimeoutMs'])
  const all = { ...DEFAULTS, ...limits }
  for (const [name, value] of Object.entries(all)) checkCount(`limits.${name}`, value, name === 'maxFiles' ? 0 : 1)
  const taken: TakenFile[] = []
  const skipped: SkippedFile[] = []
  let total = 0
  for (const [index, file] of files.entries()) {
    const label = cleanLabel(file.label)
    const result =
      index < all.maxFiles
        ? await takeFile(file, label, total, all)
        : `more than ${all.maxFiles} ${all.maxFiles === 1 ? 'file' : 'files'}`
    if (typeof result === 'string') {
      skipped.push({ label, reason: result })
    } else {
      taken.push(result)
      total += result.bytes.length
    }
  }
  return { taken, skipped }
}

/** The file, or why it is not taken. */
async function takeFile(
  file: IncomingFile,
  label: string,
  total: number,
  limits: Required<FileLimits>,
): Promise<TakenFile | string> {
  const { maxFileBytes, maxTotalBytes, maxTextBytes, readTimeoutMs } = limits
  const faultOf = (size: number): string | undefined => {
    if (size > maxFileBytes) return `larger than ${megabytes(maxFileBytes)}`
    return total + size > maxTotalBytes ? `too large together with the others (${megabytes(maxTotalBytes)})` : undefined
  }
  const declared = faultOf(file.size)
  if (declared !== undefined) return declared
  // One more than fits, so that a size that lies is told by what came.
  const maxBytes = Math.min(maxFileBytes, maxTotalBytes - total + 1)
  const bytes = await readFile(file, { maxBytes, timeoutMs: readTimeoutMs })
  if (typeof bytes === 'string') return bytes
  if (bytes.length === 0) return 'empty'
  const fault = faultOf(bytes.length)
  if (fault !== undefined) return fault

  const found = await kindOfFile(bytes)
  switch (found.kind) {
    case 'other':
      return found.reason
    case 'image':
      return { label, mediaType: found.mediaType, bytes }
    case 'pdf':
      return { label, mediaType: 'application/pdf', bytes }
    case 'text': {
      const text = new TextEncoder().encode(found.text)
      if (text.length === 0) return 'empty'
      if (text.length > maxTextBytes) return `text of more than ${megabytes(maxTextBytes)}`
      return faultOf(text.length) ?? { label, mediaType: textTypeOf(label), bytes: text }
    }
  }
}

const TEXT_TYPES: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  markdown: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
}

/** Here the name may have a say: all of them are text, and none is one that acts. */
function textTypeOf(label: string): string {
  const extension = /\.([a-z]+)$/i.exec(label)?.[1]?.toLowerCase()
  return (Object.hasOwn(TEXT_TYPES, extension ?? '') && TEXT_TYPES[extension ?? '']) || 'text/plain'
}

function megabytes(bytes: number): string {
  if (bytes < 100_000) return `${bytes} bytes`
  return `${Number((bytes / 2 ** 20).toFixed(1))} MB`
}
