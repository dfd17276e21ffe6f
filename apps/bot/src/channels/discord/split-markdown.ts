import { cutLine } from './cut-line.ts'
import { closingLine, type Fence, isClosedBy, openedBy, openingLine } from './fence.ts'

/** A line, or a piece of one that is too long. */
interface Piece {
  readonly text: string
  /** Whether it goes on with the line before it. */
  readonly goesOn: boolean
  /** The code block that is open before it, and after it. */
  readonly before: Fence | undefined
  readonly after: Fence | undefined
  /** How bad it is to begin a part with it, as a share of a part that may be left empty rather. */
  readonly cost: number
}

// A code block is torn only when half a part would be wasted otherwise, and behind its first or before its last line never.
const COST = { paragraph: 0, block: 0.1, line: 0.2, sentence: 0.4, codeGap: 0.5, codeLine: 0.6, inCode: 1.5, edge: 3 }

/**
 * Splits Markdown into parts of at most `limit` characters, between paragraphs where that can be. A code block that is cut
 * is closed, and opened again in the next part.
 *
 * @example splitMarkdown('```ts\none\ntwo\n```', 100) // one part
 */
export function splitMarkdown(text: string, limit = 1_900): readonly string[] {
  if (limit < 100) throw new RangeError(`Expected \`limit\` to be 100 or more, got \`${limit}\``)
  const pieces = piecesOf(text.toWellFormed().replaceAll(/\r\n?/g, '\n'), limit)
  const parts: string[] = []
  for (let start = 0; start < pieces.length;) {
    const end = endOf(pieces, start, limit)
    const part = partOf(pieces, start, end)
    if (part.trim() !== '') parts.push(part)
    start = end
  }
  return parts
}

function piecesOf(source: string, limit: number): readonly Piece[] {
  const pieces: Piece[] = []
  let before: Fence | undefined
  let last = ''
  let lastText = ''
  for (const line of source.split('\n')) {
    const isLong = line.length > limit / 3
    const after = fenceAfter(line, before, limit)
    const isEdge = before !== undefined && (after === undefined || pieces.at(-1)?.before === undefined)
    const first = isEdge ? COST.edge : before === undefined ? costOf(line, last, lastText) : codeCost(last)
    const later = before === undefined ? COST.sentence : COST.inCode
    const isMistakable = before === undefined && after === undefined && openedBy(line) !== undefined
    for (const [index, text] of (isLong || isMistakable ? defused(line, limit) : [line]).entries())
      pieces.push({ text, goesOn: index > 0, before, after, cost: index > 0 ? later : first })
    before = after
    last = line
    if (line.trim() !== '') lastText = line
  }
  return pieces
}

/** The code block that is open after a line. One that opens with a long line is none: that line is written in each part. */
function fenceAfter(line: string, before: Fence | undefined, limit: number): Fence | undefined {
  if (before === undefined) return line.length > limit / 8 ? undefined : openedBy(line)
  return line.length <= limit / 3 && isClosedBy(line, before) ? undefined : before
}

/** The pieces of a line, none of which would be taken for a fence where it begins a part. */
function defused(line: string, limit: number): readonly string[] {
  return cutLine(line, Math.floor(limit / 3)).map((piece) =>
    /^[\s>*+\-.)\d]*(?:```|~~~)/.test(piece) ? `\u200B${piece}` : piece,
  )
}

function costOf(line: string, last: string, lastText: string): number {
  if (/^#{1,6} /.test(lastText)) return COST.sentence
  if (last.trim() === '') return COST.paragraph
  return /^(?:#{1,6} |[-*+] |\d{1,9}[.)] )/.test(line) || openedBy(line) !== undefined ? COST.block : COST.line
}

function codeCost(last: string): number {
  return last.trim() === '' ? COST.codeGap : COST.codeLine
}

/** Where the part that begins at `start` is best ended. */
function endOf(pieces: readonly Piece[], start: number, limit: number): number {
  const first = pieces[start]!
  let size = first.before === undefined ? 0 : openingLine(first.before).length + 1
  let best = start + 1
  let least = Number.POSITIVE_INFINITY
  for (let end = start + 1; end <= pieces.length; end += 1) {
    const { text, goesOn, after } = pieces[end - 1]!
    size += text.length + (goesOn || end - 1 === start ? 0 : 1)
    const whole = size + (after === undefined ? 0 : closingLine(after).length + 1)
    if (size > limit) return best
    if (whole > limit) continue
    if (end === pieces.length) return end
    const cost = pieces[end]!.cost + (limit - whole) / limit
    if (cost > least) continue
    least = cost
    best = end
  }
  return best
}

function partOf(pieces: readonly Piece[], start: number, end: number): string {
  const [first, last] = [pieces[start]!, pieces[end - 1]!]
  const lines = pieces.slice(start, end).map(({ text, goesOn }, index) => (goesOn || index === 0 ? text : `\n${text}`))
  const body = lines.join('')
  const isCut = start > 0 && first.before === undefined
  // Blank lines between two parts are what the cut stands for; within code they are code.
  const begun = isCut ? body.replace(/^(?:[ \t]*\n)+/, '').replace(first.goesOn ? /^[ \t]+/ : '', '') : body
  const ended = last.after === undefined ? begun.trimEnd() : begun
  const opening = first.before === undefined ? '' : `${openingLine(first.before)}\n`
  return `${opening}${ended}${last.after === undefined ? '' : `\n${closingLine(last.after)}`}`
}
