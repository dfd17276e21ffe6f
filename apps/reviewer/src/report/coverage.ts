import type { CellOutcome, Cost, Review } from '../review/review.ts'

/** What was looked at, in one line: the head of every report, as nothing found means nothing where nobody looked. */
export function coverageLine({ cells, fleet, lenses, bundles }: Review): string {
  const looked = cells.filter(({ status }) => status === 'ok').length
  const grid = [
    count(fleet.length, 'model'),
    count(lenses.length, 'lens', 'lenses'),
    count(bundles.length, 'bundle'),
  ].join(' x ')
  if (cells.length === 0) return 'Nothing to look at'
  if (looked === cells.length) return `Complete: ${looked} of ${cells.length} cells (${grid})`
  return `INCOMPLETE: ${looked} of ${cells.length} cells (${grid})`
}

// More lines that say the same are one line: what fails for a model most often fails for all lenses.
const MOST_ALIKE = 4

/**
 * The holes, alike ones as one line: `gpt x security failed: 429 (2 bundles)`, or `gpt x 6 lenses failed: no key (12 cells)`
 * when a reason is that of many.
 */
export function holeLines({ cells }: Pick<Review, 'cells'>): readonly string[] {
  const holes = cells.filter((cell): cell is Hole => cell.status !== 'ok')
  return [...Map.groupBy(holes, ({ status, reason }) => `${status}: ${reason}`)].flatMap(([came, of]) => {
    const pairs = Map.groupBy(of, ({ member, lens }) => `${member.name} x ${lens.name}`)
    if (pairs.size > MOST_ALIKE) return [`${spanOf(of)} ${came} (${count(of.length, 'cell')})`]
    return [...pairs].map(([pair, { length }]) => `${pair} ${came}${length > 1 ? ` (${length} bundles)` : ''}`)
  })
}

type Hole = Extract<CellOutcome, { readonly reason: string }>

function spanOf(holes: readonly Hole[]): string {
  const models = [...new Set(holes.map(({ member }) => member.name))]
  const lenses = [...new Set(holes.map(({ lens }) => lens.name))]
  const who = models.length === 1 ? models[0]! : count(models.length, 'model')
  return `${who} x ${lenses.length === 1 ? lenses[0]! : count(lenses.length, 'lens', 'lenses')}`
}

/** Why nothing was looked at to the end; `undefined` when it was. */
export function earlyEnd({ endedEarly }: Review): string | undefined {
  if (endedEarly === 'interrupted') return 'The review was interrupted before its end.'
  return endedEarly === 'max-cost' ? 'The review ended when what it may cost was spent.' : undefined
}

const FILES_OF_A_KIND: readonly string[] = ['lock-file', 'symlink', 'submodule']

/** Skipped files by reason: `2 lock files, 1 binary`. */
export function skippedLine({ skipped }: Pick<Review, 'skipped'>): string {
  return [...Map.groupBy(skipped, ({ reason }) => reason)]
    .map(([reason, { length }]) => {
      const words = reason.replace('-', ' ')
      return FILES_OF_A_KIND.includes(reason) ? count(length, words) : `${length} ${words}`
    })
    .join(', ')
}

export function costText({ knownUsd, hasUnknown }: Cost): string {
  if (knownUsd === 0 && hasUnknown) return 'cost unknown'
  const amount = `$${knownUsd.toFixed(knownUsd < 0.1 && knownUsd > 0 ? 4 : 2)}`
  return hasUnknown ? `more than ${amount}` : amount
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

export function seconds(ms: number): string {
  const whole = Math.round(ms / 1_000)
  return ms < 59_950 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
