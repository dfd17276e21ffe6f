/** The signs of the grid, for terminals that show more than ASCII and for those that do not. */
export interface Marks {
  readonly waiting: string
  readonly ok: string
  readonly failed: string
  readonly skipped: string
  /** One a second. */
  readonly running: readonly string[]
  readonly dot: string
  readonly times: string
  /** At the end of what is cut. */
  readonly ellipsis: string
}

const ASCII: Marks = {
  waiting: '.',
  ok: '+',
  failed: 'x',
  skipped: '-',
  running: ['|', '/', '-', '\\'],
  dot: '|',
  times: 'x',
  ellipsis: '~',
}

const UNICODE: Marks = {
  waiting: '·',
  ok: '✔',
  failed: '✖',
  skipped: '⊘',
  running: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  dot: '·',
  times: '×',
  ellipsis: '…',
}

export function marksOf(isUtf8: boolean): Marks {
  return isUtf8 ? UNICODE : ASCII
}
