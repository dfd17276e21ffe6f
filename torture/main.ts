// Kills durable runs at random moments until all are settled, and looks at what is left:
// npm run test:torture -- [--kills N] [--runs N] [--seed S] [--minutes M] [--syscalls] [--json]. Exits with 1 when something
// was lost or done twice, 2 when it was called wrongly.
import { parseArgs } from 'node:util'

import { randomOf } from '../corpus/random.ts'
import { AGENTS } from './agents.ts'
import { printed } from './journals.ts'
import { transcriptsOf } from './judge.ts'
import { killAll } from './life.ts'
import { type Mode, playRound, type RoundReport } from './round.ts'
import { sweepSyscalls, whyNoSweep } from './syscalls.ts'

const USAGE =
  'usage: npm run test:torture -- [--kills N] [--runs N] [--seed S] [--minutes M] [--syscalls] [--every N] [--json]'
const MODES: readonly Mode[] = ['alone', 'pair', 'stopped', 'alone', 'pair', 'deceived']

/** One loop, and one of parallel calls: each point is a process or two. */
const SWEEP_RUNS = 2

const { kills, runs, seed, minutes, every, isSweep, isJson } = readArguments()
const whyNot = isSweep ? whyNoSweep() : undefined
if (whyNot !== undefined) {
  console.error(`skipped: ${whyNot}`)
  process.exit(0)
}
let isInterrupted = false
// The round that is under way comes to its end, in seconds; who asks twice ends at once.
process.once('SIGINT', () => {
  isInterrupted = true
})
const startMs = performance.now()
const isTime = () => isInterrupted || performance.now() - startMs > minutes * 60_000
const inPeace = await playInPeace()

try {
  const sweep = { inPeace, every, runs: SWEEP_RUNS, until: isTime, progress }
  const rows = isSweep ? await sweepSyscalls(sweep) : await campaign()
  const violations = rows.reduce((sum, row) => sum + Number(row['violations'] ?? 0), 0)
  const seconds = Math.round((performance.now() - startMs) / 1_000)
  if (isJson) console.log(JSON.stringify({ seed, seconds, node: process.version, rows }, undefined, 2))
  else {
    console.table(rows)
    console.log(`seed ${seed}, ${seconds} s, Node ${process.version}`)
  }
  process.exitCode = violations > 0 ? 1 : isInterrupted ? 130 : 0
} catch (error) {
  console.error(isInterrupted ? 'interrupted' : error)
  process.exitCode = isInterrupted ? 130 : 1
} finally {
  killAll()
}

async function playInPeace() {
  const round = { mode: 'alone', runs: AGENTS.length, kills: 0, inPeace: new Map(), until: isTime } as const
  const { journals, violations } = await playRound({ ...round, random: randomOf(seed, 'peace') })
  const others = violations.filter(({ what }) => !what.startsWith('its runs are'))
  if (others.length > 0) throw new Error(`Runs that were left alone: ${JSON.stringify(others)}`)
  return transcriptsOf(journals)
}

async function campaign(): Promise<readonly Record<string, number | string>[]> {
  const sums = new Map<Mode, Record<string, number>>()
  let killed = 0
  for (let index = 0; killed < kills && !isTime(); index++) {
    const mode = MODES[index % MODES.length]!
    const random = randomOf(seed, `round ${index}`)
    // While one is started anew, the other works on.
    const round = { mode, runs: mode === 'alone' ? runs : 3 * runs, random, inPeace, until: isTime }
    const report = await playRound({ ...round, kills: Math.min(40, kills - killed) })
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

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}   `)
  else console.error(text)
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '500' },
        runs: { type: 'string', default: '12' },
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '10' },
        every: { type: 'string', default: '1' },
        syscalls: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    const numberOf = (name: 'kills' | 'runs' | 'seed' | 'minutes' | 'every') => {
      if (!/^\d+$/.test(values[name])) throw new Error(`Expected \`--${name}\` to be a whole number\n${USAGE}`)
      return Number(values[name])
    }
    return {
      kills: numberOf('kills'),
      runs: numberOf('runs'),
      seed: numberOf('seed'),
      minutes: numberOf('minutes'),
      every: numberOf('every'),
      isSweep: values.syscalls,
      isJson: values.json,
    }
  } catch (error) {
    console.error((error as Error).message)
    process.exit(2)
  }
}
