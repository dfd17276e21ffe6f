import type { ChangedFile, DiffLine, Hunk } from '../change/change.ts'
import type { SkippedFile } from '../select/selection.ts'
import type { Bundle, BundlePart } from './bundle.ts'
import { relationOf } from './related.ts'
import { splitHunk } from './split-hunk.ts'
import { tokensOfHeading, tokensOfLine } from './tokens.ts'

export interface BundleOptions {
  /** The most of a model's window that a bundle may take, as an estimate. */
  readonly maxTokens: number
}

export interface Bundled {
  readonly bundles: readonly Bundle[]
  /** Files of which lines are too long for any bundle; `changedLines` counts those alone. */
  readonly tooLarge: readonly SkippedFile[]
}

/** Files in bundles: related ones together where they fit, a hunk whole unless it alone is too large. */
export function bundleFiles(files: readonly ChangedFile[], { maxTokens }: BundleOptions): Bundled {
  const packer = new Packer(maxTokens)
  for (const group of groupsOf(files)) {
    const pieces = group.flatMap((file) => packer.piecesOf(file))
    packer.startUnlessFits(pieces)
    for (const piece of pieces) packer.add(piece)
  }
  return packer.result()
}

/** Related files next to each other, by where the first of them is. */
function groupsOf(files: readonly ChangedFile[]): readonly (readonly ChangedFile[])[] {
  const groups = new Map<string, ChangedFile[]>()
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  for (const file of sorted) {
    const relation = relationOf(file.path)
    const group = groups.get(relation)
    if (group === undefined) groups.set(relation, [file])
    else group.push(file)
  }
  return [...groups.values()]
}

/** A hunk, or a part of one, that is not split any further. */
interface Piece {
  readonly file: ChangedFile
  readonly hunk: Hunk
  readonly tokens: number
}

class Packer {
  readonly #maxTokens: number
  readonly #bundles: Piece[][] = [[]]
  readonly #tooLarge: SkippedFile[] = []
  #used = 0

  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens
  }

  piecesOf(file: ChangedFile): readonly Piece[] {
    const room = this.#maxTokens - tokensOfHeading(file.path)
    const left: DiffLine[] = []
    const pieces = file.hunks.flatMap((hunk) => {
      if (tokensOfHunk(hunk) <= room) return [{ file, hunk, tokens: tokensOfHunk(hunk) }]
      const split = splitHunk(hunk, room)
      left.push(...split.left)
      return split.parts.map((part) => ({ file, hunk: part, tokens: tokensOfHunk(part) }))
    })
    const changedLines = left.filter(({ kind }) => kind !== 'context').length
    if (changedLines > 0)
      this.#tooLarge.push({
        path: file.path,
        reason: 'too-large',
        why: `${file.path} has ${changedLines === 1 ? 'a line that is' : `${changedLines} lines that are`} too long for a model to look at`,
        changedLines,
      })
    return pieces
  }

  /** What fits in one bundle, but not in what is left of this one, begins the next. */
  startUnlessFits(pieces: readonly Piece[]): void {
    const tokens = tokensOf(pieces)
    if (tokens <= this.#maxTokens && this.#used + tokens > this.#maxTokens) this.#start()
  }

  add(piece: Piece): void {
    const last = this.#bundles.at(-1)!
    const tokens = piece.tokens + (last.at(-1)?.file === piece.file ? 0 : tokensOfHeading(piece.file.path))
    if (this.#used + tokens <= this.#maxTokens) {
      last.push(piece)
      this.#used += tokens
    } else {
      this.#start()
      this.#bundles.at(-1)!.push(piece)
      this.#used = tokensOf([piece])
    }
  }

  #start(): void {
    if (this.#bundles.at(-1)!.length > 0) this.#bundles.push([])
    this.#used = 0
  }

  result(): Bundled {
    const bundles = this.#bundles
      .filter((pieces) => pieces.length > 0)
      .map((pieces, index) => ({ id: `b${index + 1}`, parts: partsOf(pieces), tokens: tokensOf(pieces) }))
    return { bundles, tooLarge: this.#tooLarge }
  }
}

function partsOf(pieces: readonly Piece[]): readonly BundlePart[] {
  const parts = new Map<ChangedFile, Hunk[]>()
  for (const { file, hunk } of pieces) {
    const hunks = parts.get(file)
    if (hunks === undefined) parts.set(file, [hunk])
    else hunks.push(hunk)
  }
  return [...parts].map(([file, hunks]) => ({ file, hunks }))
}

function tokensOf(pieces: readonly Piece[]): number {
  const files = new Set(pieces.map(({ file }) => file))
  const headings = [...files].reduce((sum, { path }) => sum + tokensOfHeading(path), 0)
  return pieces.reduce((sum, { tokens }) => sum + tokens, headings)
}

function tokensOfHunk({ heading, lines }: Hunk): number {
  return lines.reduce((sum, line) => sum + tokensOfLine(line), tokensOfHeading(heading))
}
