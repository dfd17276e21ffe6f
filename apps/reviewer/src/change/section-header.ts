import { parsePatch } from 'diff'

import type { ChangedFile } from './change.ts'
import { DiffError } from './errors.ts'

/** What stands above the hunks of a file. */
export type SectionHeader = Pick<ChangedFile, 'path' | 'oldPath' | 'kind' | 'isBinary' | 'isSymlink' | 'isSubmodule'>

const SYMLINK = '120000'
const SUBMODULE = '160000'

/** @throws DiffError `malformed` when the file's name cannot be told */
export function readHeader(section: readonly string[]): SectionHeader {
  const end = section.findIndex((line) => line.startsWith('@@ '))
  const lines = end < 0 ? section : section.slice(0, end)
  const has = (pattern: RegExp) => lines.some((line) => pattern.test(line))
  const { before, after } = namesOf(lines)
  const kind = kindOf(has)
  const path = kind === 'deleted' ? before : after
  const modes = lines.flatMap(
    (line) => /^(?:(?:old|new|new file|deleted file) mode|index \S+) (\d{6})$/.exec(line)?.[1] ?? [],
  )
  return {
    path,
    ...(before !== path && kind !== 'added' && { oldPath: before }),
    kind,
    isBinary: has(/^(Binary files .* differ|GIT binary patch)$/),
    isSymlink: modes.includes(SYMLINK),
    isSubmodule: modes.includes(SUBMODULE),
  }
}

function kindOf(has: (pattern: RegExp) => boolean): ChangedFile['kind'] {
  if (has(/^new file mode /) || has(/^--- \/dev\/null\s*$/)) return 'added'
  if (has(/^deleted file mode /) || has(/^\+\+\+ \/dev\/null\s*$/)) return 'deleted'
  if (has(/^rename from /)) return 'renamed'
  if (has(/^copy from /)) return 'copied'
  const isContentTouched = has(/^(---|\+\+\+) /) || has(/^(Binary files |GIT binary patch)/) || has(/^index /)
  return has(/^new mode /) && !isContentTouched ? 'mode-changed' : 'modified'
}

interface Names {
  readonly before: string
  readonly after: string
}

function namesOf(lines: readonly string[]): Names {
  const [header] = lines
  const renamed = {
    before: quotedValue(lines, /^(?:rename|copy) from /),
    after: quotedValue(lines, /^(?:rename|copy) to /),
  }
  if (renamed.before !== undefined && renamed.after !== undefined)
    return { before: renamed.before, after: renamed.after }
  const files = {
    before: fileLine(lines, '--- '),
    after: fileLine(lines, '+++ '),
  }
  // A file that is new or gone is named once below, where `a/` may be a prefix or a folder; above it is named twice.
  const isOneSided = [files.before, files.after].includes('/dev/null')
  const named =
    (isOneSided ? sameTwice(header!) : undefined) ??
    withoutPrefixes(files.before, files.after) ??
    sameTwice(header!) ??
    byLibrary(header!)
  if (named === undefined) throw new DiffError('malformed', `The name of a file cannot be told: ${header}`)
  return named
}

/** Names of `---` and `+++`; without prefixes, or with those of `diff.mnemonicPrefix`, as a user's own diff may be. */
function withoutPrefixes(before: string | undefined, after: string | undefined): Names | undefined {
  const [old, now] = [before === '/dev/null' ? undefined : before, after === '/dev/null' ? undefined : after]
  if (old === undefined && now === undefined) return undefined
  if (old === undefined || now === undefined) {
    const name = bare((old ?? now)!)
    return { before: name, after: name }
  }
  return isPrefixed(old, now) ? { before: old.slice(2), after: now.slice(2) } : { before: old, after: now }
}

/** `a/ b/`, and `c/ i/ w/ o/ 1/ 2/` of `diff.mnemonicPrefix` (https://git-scm.com/docs/diff-config). */
const PREFIX = /^[abciow12]\//

/** Both have a prefix, or neither has: prefixes tell the two sides apart, and one that is the same on both is a folder. */
function isPrefixed(old: string, now: string): boolean {
  return PREFIX.test(old) && PREFIX.test(now) && old[0] !== now[0]
}

function bare(name: string): string {
  return PREFIX.test(name) ? name.slice(2) : name
}

function fileLine(lines: readonly string[], mark: string): string | undefined {
  // git ends a name that has spaces in it with a tab.
  return unquote(
    lines
      .find((line) => line.startsWith(mark))
      ?.slice(mark.length)
      .replace(/\t$/, ''),
  )
}

function quotedValue(lines: readonly string[], mark: RegExp): string | undefined {
  return unquote(lines.find((line) => mark.test(line))?.replace(mark, ''))
}

/** A header alone, of a file without lines: the name stands there twice, whatever is in it. */
function sameTwice(header: string): Names | undefined {
  const rest = header.slice('diff --git '.length)
  const half = (rest.length - 1) / 2
  const [first, second] = [unquote(rest.slice(0, half)), unquote(rest.slice(half + 1))]
  if (rest[half] !== ' ' || first === undefined || second === undefined) return undefined
  if (first === second) return { before: first, after: second }
  const isPair = isPrefixed(first, second) && first.slice(2) === second.slice(2)
  return isPair ? { before: first.slice(2), after: second.slice(2) } : undefined
}

function byLibrary(header: string): Names | undefined {
  const [patch] = parsePatch(header)
  const { oldFileName, newFileName } = patch ?? {}
  if (oldFileName === undefined || newFileName === undefined) return undefined
  return { before: bare(oldFileName), after: bare(newFileName) }
}

/** A name as git quotes it when it has other characters than printable ASCII; the library knows how. */
function unquote(name: string | undefined): string | undefined {
  if (name === undefined || !name.startsWith('"')) return name
  const [patch] = parsePatch(`diff --git ${name} ${name}`)
  return patch?.newFileName ?? name
}
