import { count } from '../report/coverage.ts'
import type { Marks } from './marks.ts'
import type { ProgressState } from './progress-state.ts'

/** How far it is, and what Ctrl-C does: the last line of the screen. */
export function footText(state: ProgressState, { dot }: Pick<Marks, 'dot'>): string {
  return partsOf(state).join(` ${dot} `)
}

function partsOf(state: ProgressState): readonly string[] {
  const { done, total, refuting, stopping, endedAtMs } = state
  const { running, failed, skipped } = countsOf(state)
  const cells = [
    `${done - skipped} of ${total} cells`, // what was skipped was not looked at
    ...some(running, 'running'),
    // As many as were reported, then how many they are when the same ones are taken together: what the report shows.
    count(state.findings, 'finding') + (refuting === undefined ? '' : ` merged to ${refuting.total}`),
    ...some(failed, 'failed'),
    ...some(skipped, 'skipped'),
  ]
  if (endedAtMs !== undefined) return [...cells, ...verdictsOf(state)]
  if (stopping !== undefined) return [...cells, ...stoppingParts(stopping, running)]
  if (refuting !== undefined)
    return [...cells, `trying to refute ${refuting.done} of ${refuting.total}`, ...verdictsOf(state)]
  return [...cells, '^C ends early']
}

function stoppingParts(why: 'interrupted' | 'max-cost', running: number): readonly string[] {
  const left = running === 0 ? '' : `, ${count(running, 'cell')} still ending`
  if (why === 'max-cost') return [`--max-cost is reached${left}`]
  return [`stopping${left}`, '^C again ends now']
}

function verdictsOf({ refuting }: ProgressState): readonly string[] {
  if (refuting === undefined) return []
  return [
    ...some(refuting.confirmed, 'confirmed'),
    ...some(refuting.refuted, 'refuted'),
    ...some(refuting.unverified, 'unverified'),
  ]
}

function some(number: number, what: string): readonly string[] {
  return number === 0 ? [] : [`${number} ${what}`]
}

/** Of the whole review. */
export function countsOf({ tallies }: ProgressState): { running: number; failed: number; skipped: number } {
  const counts = { running: 0, failed: 0, skipped: 0 }
  for (const { running, failed, skipped } of tallies.values()) {
    counts.running += running.size
    counts.failed += failed
    counts.skipped += skipped
  }
  return counts
}

/** `0:41`, `12:03`, `1:02:03`. */
export function elapsedText(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1_000))
  const two = (number: number) => String(number).padStart(2, '0')
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}
