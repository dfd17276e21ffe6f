import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff'

import type { Change, ChangedFile, DiffLine, Hunk } from './change.ts'
import { DiffError } from './errors.ts'
import { readHeader, type SectionHeader } from './section-header.ts'

/**
 * A unified diff, as git writes it or `diff -u`. What stands before the first file, a commit message say, is passed over.
 *
 * @throws DiffError `combined` for the diff of a merge, `malformed` for what is no diff
 */
export function parseDiff(given: string): Change {
  const text = asGitWrites(given)
  const lines = text.split('\n')
  const isGit = lines.some((line) => line.startsWith('diff --git '))
  const combined = lines.find((line) => /^diff --(cc|combined) /.test(line))
  if (combined !== undefined)
    throw new DiffError(
      'combined',
      `A combined diff of a merge cannot be reviewed (${combined}): compare with one of its parents, as \`git diff parent...merge\` does`,
    )
  const files = isGit ? sectionsOf(lines).map(fileOf) : plainFilesOf(text)
  if (files.length === 0 && text.trim() !== '')
    throw new DiffError('malformed', `This is no diff: it names no file${COLOR.test(text) ? COLORED : ''}`)
  return { files: joinTypeChanges(files) }
}

// oxlint-disable-next-line no-control-regex -- what a terminal is told by
const COLOR = /^\u001B\[[\d;]*m/m
const COLORED = ', or it names them in colours, which `git diff --no-color` does not'

/** Without what other programs put in on the way: a mark in front of it, and a carriage return at the end of each line. */
function asGitWrites(given: string): string {
  const text = given.replace(/^\uFEFF/, '')
  return /[^\r]\n/.test(text) || !text.includes('\n') ? text : text.replaceAll('\r\n', '\n')
}

/** The lines of each file. One that git cannot be read of must not take the others with it, so each is parsed alone. */
function sectionsOf(lines: readonly string[]): readonly (readonly string[])[] {
  // No line of a hunk begins so: it begins with its mark.
  const starts = lines.flatMap((line, index) => (line.startsWith('diff --git ') ? [index] : []))
  return starts.map((start, index) => lines.slice(start, starts[index + 1]))
}

function fileOf(section: readonly string[]): ChangedFile {
  const header = readHeader(section)
  const hunks = header.isBinary ? [] : hunksOf(section, section[0]!)
  return changedFile(header, hunks)
}

function hunksOf(section: readonly string[], name: string): readonly Hunk[] {
  const start = section.findIndex((line) => line.startsWith('@@ '))
  if (start < 0) return []
  const body = section.slice(start)
  const headings = body.flatMap((line) => /^@@ [^@]*@@ ?(.*)$/s.exec(line)?.[1] ?? [])
  return parsedPatch(body.join('\n'), name)
    .flatMap(({ hunks }) => hunks)
    .map((hunk, index) => hunkOf(hunk, headings[index] ?? ''))
}

/** What `git format-patch` ends a mail with looks like a deleted line: `-- ` and git's version. */
const MAIL_END = /\n-- \n\d+\.\d[^\n]*\n[\s\S]*$/

function parsedPatch(text: string, name: string): StructuredPatch[] {
  try {
    return parsed(text, name)
  } catch (error) {
    if (!MAIL_END.test(text)) throw error
    return parsed(text.replace(MAIL_END, '\n'), name)
  }
}

function parsed(text: string, name: string): StructuredPatch[] {
  try {
    return parsePatch(text)
  } catch (cause) {
    throw new DiffError('malformed', `${name}: ${(cause as Error).message}`, { cause })
  }
}

function plainFilesOf(text: string): readonly ChangedFile[] {
  return parsed(text, 'The diff')
    .filter(({ oldFileName, newFileName }) => oldFileName !== undefined && newFileName !== undefined)
    .map((patch) => {
      const [before, after] = [withoutPrefix(patch.oldFileName!, 'a'), withoutPrefix(patch.newFileName!, 'b')]
      const kind = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified'
      const header = {
        path: after ?? before ?? '',
        kind,
        isBinary: false,
        isSymlink: false,
        isSubmodule: false,
      } as const
      return changedFile(
        header,
        patch.hunks.map((hunk) => hunkOf(hunk, '')),
      )
    })
}

function withoutPrefix(name: string, prefix: string): string | undefined {
  if (name === '/dev/null') return undefined
  return name.startsWith(`${prefix}/`) ? name.slice(2) : name
}

function changedFile(header: SectionHeader, hunks: readonly Hunk[]): ChangedFile {
  const count = (kind: DiffLine['kind']) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0)
  return { ...header, addedLines: count('added'), deletedLines: count('deleted'), hunks }
}

function hunkOf({ oldStart, newStart, lines }: StructuredPatchHunk, heading: string): Hunk {
  const read: DiffLine[] = []
  let [oldLine, newLine] = [oldStart, newStart]
  for (const line of lines) {
    const text = line.slice(1)
    if (line.startsWith('\\')) {
      const last = read.at(-1)
      if (last !== undefined) read[read.length - 1] = { ...last, isWithoutNewline: true }
    } else if (line.startsWith('+')) read.push({ kind: 'added', text, newLine: newLine++ })
    else if (line.startsWith('-')) read.push({ kind: 'deleted', text, oldLine: oldLine++ })
    else read.push({ kind: 'context', text, oldLine: oldLine++, newLine: newLine++ })
  }
  return { oldStart, newStart, heading, lines: read }
}

/** A file that became a link, or a link a file: git tells it as a deletion and an addition of one path. */
function joinTypeChanges(files: readonly ChangedFile[]): readonly ChangedFile[] {
  const joined: ChangedFile[] = []
  for (const file of files) {
    const last = joined.at(-1)
    if (last?.kind === 'deleted' && file.kind === 'added' && last.path === file.path)
      joined[joined.length - 1] = {
        ...file,
        kind: 'modified',
        isSymlink: last.isSymlink || file.isSymlink,
        isSubmodule: last.isSubmodule || file.isSubmodule,
        isBinary: last.isBinary || file.isBinary,
        addedLines: file.addedLines,
        deletedLines: last.deletedLines,
        hunks: [...last.hunks, ...file.hunks],
      }
    else joined.push(file)
  }
  return joined
}
