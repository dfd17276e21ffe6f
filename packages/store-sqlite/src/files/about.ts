import { createHash } from 'node:crypto'

import { StoreError } from '@executus/core/store-error'

import { type Body, bodyOf, valueOf } from '../journal/body.ts'
import type { SavedFile } from './file-store.ts'

/** Crockford's: no letter that is taken for a digit. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16

/**
 * A name of 80 bits that follows from whose file it is, and what: saved again, as after a crash, it is the same file, and
 * nobody comes to the name who does not know the content.
 */
export function nameOf(file: Omit<SavedFile, 'name' | 'savedAtMs' | 'size'>): string {
  const { runId, originalName = null, mediaType, sha256 } = file
  const hash = createHash('sha256')
    .update(JSON.stringify([runId, originalName, mediaType, sha256]))
    .digest()
  return `file-${Array.from(hash.subarray(0, LENGTH), (byte) => DIGITS[byte % DIGITS.length]).join('')}`
}

/** What a row keeps of it. */
export function aboutOf(file: SavedFile): Body {
  return bodyOf(file)
}

/**
 * What a row of `files` tells; `of` is what it was looked up by.
 *
 * @throws StoreError `corrupt`
 */
export function savedFileOf(row: AboutRow, of: Partial<Pick<SavedFile, 'name' | 'runId'>>): SavedFile {
  const file = valueOf({ body: row.about, crc: row.crc }) as SavedFile | undefined
  // The index may have been damaged, and not the row.
  const isOther = file !== undefined && Object.entries(of).some(([key, value]) => Reflect.get(file, key) !== value)
  if (file === undefined || isOther) throw damagedFile(of.name ?? `a file of ${of.runId}`)
  return file
}

export interface AboutRow {
  readonly about: string
  readonly crc: number
}

export function damagedFile(name: string, cause?: unknown): StoreError {
  return new StoreError('corrupt', `What is kept of ${name} is damaged`, { cause })
}
