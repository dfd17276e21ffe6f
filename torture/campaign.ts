import { randomOf } from '../corpus/random.ts'
import { printed } from './journals.ts'
import type { Transcript } from './judge.ts'
import { type Mode, playRound, type RoundReport } from './round.ts'

export interface CampaignOptions {
  readonly inPeace: ReadonlyMap<string, Transcript>
  readonly kills: number
  readonly runs: number
  readonly seed: number
  readonly until: () => boolean
  readonly progress: (text: string) => void
}

const MODES: readonly Mode[] = ['alone', 'pair', 'stopped', 'alone', 'pair', 'deceived']
const MOST_KILLS = 40

/** Rounds of every mode in turn, until there were so many kills; a row for each mode, and one for all. */
export async function playCampaign({
  inPeace,
  kills,
  runs,
  seed,
  until,
  progress,
}: CampaignOptions): Promise<readonly Record<string, number | string>[]> {
  const sums = new Map<Mode, Record<string, number>>()
  // Of few kills, each mode has some.
  const most = Math.min(MOST_KILLS, Math.ceil(kills / MODES.length))
  let killed = 0
  for (let index = 0; killed < kills && !until(); index++) {
    const mode = MODES[index % MODES.length]!
    const random = randomOf(seed, `round ${index}`)
    // While one is started anew, the other works on.
    const round = { mode, runs: mode === 'alone' ? runs : 3 * runs, random, inPeace, until }
    const report = await playRound({ ...round, kills: Math.min(most, kills - killed) })
    killed += report.kills
    add(sums, round, report)
    progress(`${killed} of ${kills} kills, ${index + 1} rounds`)
    tell(index, report)
  }
  const rows = [...sums].map(([mode, sum]) => ({ mode, ...sum }))
  const all: Record<string, number> = {}
  for (const sum of sums.values()) for (const [name, value] of Object.entries(sum)) all[name] = (all[name] ?? 0) + value
  return [...rows, { mode: 'all', ...all }]
}

function add(
  sums: Map<Mode, Record<string, number>>,
  { mode, runs: begun }: { readonly mode: Mode; readonly runs: number },
  report: RoundReport,
): void {
  const { kills: killed, stops, fenced, inDoubt, violations, journals } = report
  const children = [...journals.values()].filter(({ summary }) => summary.parentRunId !== undefined).length
  const counts = { rounds: 1, kills: killed, stops, runs: begun, children, 'in doubt': inDoubt, 'fenced lives': fenced }
  const sum = sums.get(mode) ?? {}
  for (const [name, value] of Object.entries({ ...counts, violations: violations.length }))
    sum[name] = (sum[name] ?? 0) + value
  sums.set(mode, sum)
}

function tell(index: number, { violations, journals }: RoundReport): void {
  for (const { runId, what } of violations) {
    console.error(`\nround ${index}, ${runId}: ${what}`)
    const kept = journals.get(runId)
    if (kept !== undefined) console.error(printed(runId, kept))
  }
}
