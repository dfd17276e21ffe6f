import { costText, count } from '../report/coverage.ts'
import { cellText, type Tone } from './cell-text.ts'
import { elapsedText, footText } from './foot-text.ts'
import { type Marks, marksOf } from './marks.ts'
import { type ProgressState, type Tally, tallyOf } from './progress-state.ts'
import { shortReason } from './short-reason.ts'
import { cut, fit, widthOf } from './text-width.ts'

export interface GridStyle {
  /** Columns and rows of the terminal. */
  readonly width: number
  readonly height: number
  readonly nowMs: number
  readonly isUtf8: boolean
  readonly paint: Readonly<Record<Tone | 'bold', (text: string) => string>>
}

const WIDEST_NAME = 24
const NARROWEST_NAME = 8
const NARROW = 60
const MOST_CELLS = 40
const MARGIN = 2

/** What is on the screen while a review runs: a head, a row for each model, a foot. No line is wider than the terminal. */
export function gridLines(state: ProgressState, style: GridStyle): readonly string[] {
  const marks = marksOf(style.isUtf8)
  const { models, lenses } = state
  const columns = columnsOf(state, style.width)
  const isGrid = columns !== undefined && models.length * lenses.length <= MOST_CELLS && style.width >= NARROW
  const rows = isGrid ? grid(state, style, marks, columns) : tallies(state, style, marks)
  const width = Math.min(style.width, Math.max(...rows.map(({ width: own }) => own), 0))
  const head = headOf(state, style, marks, width)
  const foot = style.paint.dim(cut(' '.repeat(MARGIN) + footText(state, marks), style.width, marks.ellipsis))
  // What is taller than the screen cannot be drawn over: it has scrolled away.
  const fits = rows.length + 2 < style.height
  return [head, ...(fits ? rows.map(({ line }) => line) : []), foot]
}

interface Row {
  readonly line: string
  readonly width: number
}

interface Columns {
  readonly name: number
  readonly cell: number
}

/** `undefined` when there is no room for a grid. */
function columnsOf({ models, lenses, bundles }: ProgressState, width: number): Columns | undefined {
  const [least, ideal] = bundles > 1 ? [10, 17] : [7, 13]
  const room = width - MARGIN
  const longest = Math.min(WIDEST_NAME, Math.max(...models.map(widthOf), 0))
  const name = Math.min(longest, Math.max(NARROWEST_NAME, room - lenses.length * (least + 2)))
  const share = Math.floor((room - name) / lenses.length) - 2
  const cell = Math.min(Math.max(ideal, ...lenses.map(widthOf)), share)
  return cell < least ? undefined : { name, cell }
}

function grid(state: ProgressState, { nowMs, paint }: GridStyle, marks: Marks, { name, cell }: Columns): Row[] {
  const width = MARGIN + name + state.lenses.length * (cell + 2)
  const line = (first: string, cells: readonly string[]) =>
    `${' '.repeat(MARGIN)}${fit(first, name, marks.ellipsis)}${cells.map((text) => `  ${text}`).join('')}`.trimEnd()
  const header = state.lenses.map((lens) => fit(lens, cell, marks.ellipsis))
  const rows = state.models.map((model) => {
    const cells = state.lenses.map((lens) => {
      const { text, tone } = cellText(tallyOf(state, model, lens), nowMs, marks)
      return paint[tone](fit(text, cell, marks.ellipsis))
    })
    return { line: line(model, cells), width }
  })
  return [{ line: paint.dim(line('', header)), width }, ...rows]
}

/** A line for each model, where a grid has no room. */
function tallies(state: ProgressState, { width, paint }: GridStyle, marks: Marks): Row[] {
  const name = Math.min(WIDEST_NAME, Math.max(...state.models.map(widthOf), 0))
  return state.models.map((model) => {
    const sum = sumOf(state.lenses.map((lens) => tallyOf(state, model, lens)))
    const done = `${sum.done}/${sum.total}`.padStart(2 * String(sum.total).length + 1)
    const holes = sum.holes === 0 ? '' : `  ${marks.failed} ${sum.holes} ${shortReason(sum.reason)}`
    const text = cut(
      `${' '.repeat(MARGIN)}${fit(model, name, marks.ellipsis)}  ${done}  ${count(sum.findings, 'finding')}${holes}`,
      width,
      marks.ellipsis,
    )
    return { line: paint[sum.holes > 0 ? 'red' : 'plain'](text), width: widthOf(text) }
  })
}

function sumOf(own: readonly Tally[]) {
  const add = (pick: (tally: Tally) => number) => own.reduce((sum, tally) => sum + pick(tally), 0)
  const holes = add(({ failed, skipped }) => failed + skipped)
  return {
    total: add(({ total }) => total),
    done: add(({ ok }) => ok) + holes,
    findings: add(({ findings }) => findings),
    holes,
    reason: own.findLast(({ reason }) => reason !== undefined)?.reason ?? '',
  }
}

function headOf(state: ProgressState, { width, nowMs, paint }: GridStyle, marks: Marks, rowWidth: number): string {
  const { files, bundles, models, lenses, isDemo, endedAtMs, startedAtMs, costUsd } = state
  const demo = isDemo ? 'DEMO ' : ''
  const what = [
    `${endedAtMs === undefined ? 'reviewing' : 'reviewed'} ${count(files, 'file')}`,
    count(bundles, 'bundle'),
    `${count(models.length, 'model')} ${marks.times} ${count(lenses.length, 'lens', 'lenses')}`,
  ].join(` ${marks.dot} `)
  const elapsed = elapsedText((endedAtMs ?? nowMs) - startedAtMs)
  const known = isDemo ? '' : `${costText(costUsd)}  `
  const right = `${known}${elapsed}`
  const room = Math.max(rowWidth, Math.min(width, demo.length + widthOf(what) + 3 + right.length))
  const left = room - right.length - 1 - demo.length
  // The clock is what tells that it lives: it stays when there is no room for the rest.
  if (left < 1) return cut(elapsed, width)
  return `${paint.yellow(demo)}${paint.bold(fit(what, left, marks.ellipsis))} ${paint.dim(right)}`
}
