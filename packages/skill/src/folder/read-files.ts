import { createHash } from 'node:crypto'
import { opendir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

import { type SkillDiagnosticCode, SkillLeftOut } from './diagnostic.ts'
import { chunksOf, withFileInside } from './open-inside.ts'

/** How much of a folder is read. */
export interface SkillFolderBounds {
  /** Skills of one path. @default 200 */
  readonly maxSkills?: number
  /** Names of one path that are looked at, skills or not. @default 10_000 */
  readonly maxNames?: number
  /** Files and folders in the folder of a skill. @default 500 */
  readonly maxFiles?: number
  /** Bytes of all of them. @default 8 MiB */
  readonly maxFolderBytes?: number
  /** Bytes of a `SKILL.md`. @default 128 KiB */
  readonly maxSkillBytes?: number
  /** Bytes of a file that a model reads. @default 256 KiB */
  readonly maxReadBytes?: number
}

export const DEFAULT_FOLDER_BOUNDS: Required<SkillFolderBounds> = Object.freeze({
  maxSkills: 200, // at 100 tokens each their catalogue fills a tenth of a window
  maxNames: 10_000, // a temporary folder, say, that was named by mistake
  maxFiles: 500,
  maxFolderBytes: 8 * 1024 * 1024, // all is read at each load, for the digest
  maxSkillBytes: 128 * 1024, // six times what the standard recommends
  maxReadBytes: 256 * 1024,
})

export const SKILL_FILE = 'SKILL.md'

/** A file of a skill. */
export interface SkillFile {
  /** Relative to the skill's folder, with `/`. */
  readonly path: string
  readonly sizeBytes: number
  /** Of its content, in hexadecimal. */
  readonly sha256: string
}

/** The folder of a skill, as it was read. */
export interface ReadFolder {
  /** By path. */
  readonly files: readonly SkillFile[]
  readonly skillBytes: Uint8Array
  /** Says the same for the same files and links, and something else for any others. */
  readonly digest: string
  readonly warnings: readonly { readonly code: SkillDiagnosticCode; readonly path: string; readonly message: string }[]
}

/** Its files are not the skill's own; everything else is, as scripts may load it. */
const SKIPPED = '.git'

interface Entry {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link' | 'special'
}

/**
 * Reads all files of a folder, whose real path `root` is. Links are not followed.
 *
 * @throws SkillLeftOut when it is too large or cannot be read
 */
export async function readFiles(root: string, bounds: Required<SkillFolderBounds>): Promise<ReadFolder> {
  const files: SkillFile[] = []
  const warnings: ReadFolder['warnings'][number][] = []
  const lines: (readonly string[])[] = []
  let skillBytes: Uint8Array | undefined
  let left = bounds.maxFolderBytes
  for (const { path, kind } of await entriesOf(root, bounds.maxFiles)) {
    if (kind === 'link') {
      lines.push([path, kind, await reading(path, () => readlink(join(root, path)))])
      warnings.push({ code: 'link', path, message: 'A link is not followed' })
    } else if (kind === 'special') {
      lines.push([path, kind])
      warnings.push({ code: 'special-file', path, message: 'It is not a regular file' })
    } else if (kind === 'file') {
      const isSkill = path === SKILL_FILE
      const most = isSkill ? Math.min(left, bounds.maxSkillBytes) : left
      const { bytes, ...file } = await reading(path, () => readFile(root, path, most, isSkill))
      left -= file.sizeBytes
      files.push(file)
      lines.push([path, kind, file.sha256])
      if (isSkill) skillBytes = bytes
    }
  }
  if (skillBytes === undefined) throw new SkillLeftOut('not-a-file', `${SKILL_FILE} is not a regular file`)
  return { files, skillBytes, digest: digestOfLines(lines), warnings }
}

/** Everything in a folder, by path. */
async function entriesOf(root: string, maxFiles: number): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  const folders = ['']
  for (const folder of folders)
    await reading(folder, async () => {
      for await (const entry of await opendir(join(root, folder))) {
        if (entry.name === SKIPPED) continue
        if (entries.length >= maxFiles)
          throw new SkillLeftOut('too-large', `It has more than ${maxFiles} files and folders`)
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`
        const kind = entry.isDirectory()
          ? 'folder'
          : entry.isFile()
            ? 'file'
            : entry.isSymbolicLink()
              ? 'link'
              : 'special'
        entries.push({ path, kind })
        if (kind === 'folder') folders.push(path)
      }
    })
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

async function readFile(
  root: string,
  path: string,
  maxBytes: number,
  isKept: boolean,
): Promise<SkillFile & { bytes?: Uint8Array }> {
  return withFileInside(root, path, async (file) => {
    // Before anything is read: a sparse file of a terabyte costs its owner nothing.
    if (file.sizeBytes > maxBytes) throw new RangeError(`It is larger than ${maxBytes} bytes`)
    const hash = createHash('sha256')
    const kept: Uint8Array[] = []
    let sizeBytes = 0
    for await (const chunk of chunksOf(file, maxBytes)) {
      hash.update(chunk)
      sizeBytes += chunk.length
      if (isKept) kept.push(chunk)
    }
    return { path, sizeBytes, sha256: hash.digest('hex'), ...(isKept && { bytes: Buffer.concat(kept) }) }
  })
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SkillLeftOut) throw error
    const { message } = error as Error
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof RangeError) throw new SkillLeftOut('too-large', `${path}: ${message}`, { cause: error })
    throw new SkillLeftOut('unreadable', `${path} could not be read (${code ?? message})`, { cause: error })
  }
}

function digestOfLines(lines: readonly (readonly string[])[]): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${JSON.stringify(line)}\n`)
  return `sha256-${hash.digest('hex')}`
}
