import type { ChangedFile, DiffLine, Hunk } from './change.ts'

/** A file as a change would have it: lines with their marks, such as `+const a = 1`. */
export function changedFile(path: string, lines: readonly string[], given: Partial<ChangedFile> = {}): ChangedFile {
  const hunks = lines.length === 0 ? [] : [hunk(lines)]
  const count = (kind: DiffLine['kind']) =>
    hunks.flatMap((one) => one.lines).filter((line) => line.kind === kind).length
  return {
    path,
    kind: 'modified',
    isBinary: false,
    isSymlink: false,
    isSubmodule: false,
    addedLines: count('added'),
    deletedLines: count('deleted'),
    hunks,
    ...given,
  }
}

/** A hunk that begins at line `start` of both files. */
export function hunk(lines: readonly string[], start = 1): Hunk {
  let [oldLine, newLine] = [start, start]
  const read = lines.map((line): DiffLine => {
    const text = line.slice(1)
    if (line.startsWith('+')) return { kind: 'added', text, newLine: newLine++ }
    if (line.startsWith('-')) return { kind: 'deleted', text, oldLine: oldLine++ }
    return { kind: 'context', text, oldLine: oldLine++, newLine: newLine++ }
  })
  return { oldStart: start, newStart: start, heading: '', lines: read }
}
