import type { Marks } from './marks.ts'
import type { Tally } from './progress-state.ts'
import { shortReason } from './short-reason.ts'

/** What colour a thing has. */
export type Tone = 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'plain'

export interface CellText {
  readonly text: string
  readonly tone: Tone
}

/**
 * One cell of the grid: `·` waits, `⠙ 8s` runs, `✔ 3` found three things, `✖ rate limit` failed. Over several bundles,
 * `⠙ 2/6 8s` while some are left, and `✖ 1 rate limit` when one of them failed.
 */
export function cellText(tally: Tally, nowMs: number, marks: Marks): CellText {
  const { total, ok, findings, failed, skipped, reason, running } = tally
  const done = ok + failed + skipped
  const part = (count: number) => (total > 1 ? ` ${count}/${total}` : '')
  if (running.size > 0) {
    const elapsed = Math.max(0, Math.floor((nowMs - Math.min(...running.values())) / 1_000))
    const sign = marks.running[elapsed % marks.running.length]!
    const broken = failed > 0 ? ` ${marks.failed}${failed}` : ''
    return { text: `${sign}${part(done)} ${elapsed}s${broken}`, tone: failed > 0 ? 'red' : 'cyan' }
  }
  if (done < total) {
    if (failed > 0) return { text: `${marks.failed}${part(done)}`, tone: 'red' }
    return { text: `${marks.waiting}${done > 0 ? part(done) : ''}`, tone: 'dim' }
  }
  const few = (count: number) => (count < total ? ` ${count}` : '')
  if (failed > 0) return { text: `${marks.failed}${few(failed)} ${shortReason(reason ?? '')}`, tone: 'red' }
  if (skipped > 0) return { text: `${marks.skipped}${few(skipped)} ${shortReason(reason ?? '')}`, tone: 'yellow' }
  return { text: `${marks.ok} ${findings}`, tone: findings > 0 ? 'green' : 'dim' }
}
