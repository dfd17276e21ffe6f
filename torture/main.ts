// Kills durable runs at random moments until all are settled, and looks at what is left: npm run test:torture. With
// --syscalls, at each of their writes. Exits with 1 when something was lost or done twice, 2 when it was called wrongly.
import { constants } from 'node:os'

import { randomOf } from '../corpus/random.ts'
import { AGENTS } from './agents.ts'
import { readArguments } from './arguments.ts'
import { playCampaign } from './campaign.ts'
import { clearFolders } from './folder.ts'
import { type Transcript, transcriptsOf } from './judge.ts'
import { killAll } from './life.ts'
import { Progress } from './progress.ts'
import { playRound } from './round.ts'
import { whyNoSweep } from './strace.ts'
import { sweepSyscalls } from './syscalls.ts'

const { minutes, isSweep, isJson, ...options } = readArguments()
const { seed } = options
const whyNot = isSweep ? whyNoSweep() : undefined
if (whyNot !== undefined) {
  console.error(`skipped: ${whyNot}`)
  process.exit(0)
}

let interrupted = 0
process.on('exit', () => {
  killAll()
  clearFolders()
})
// What is under way comes to its end, in seconds; who asks twice ends at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    const code = 128 + constants.signals[signal]
    if (interrupted > 0) process.exit(code)
    interrupted = code
  })

const startMs = performance.now()
const until = () => interrupted > 0 || performance.now() - startMs > minutes * 60_000
const progress = new Progress()

try {
  const inPeace = await playInPeace()
  const shared = { ...options, inPeace, until, progress: (text: string) => progress.tell(text) }
  const rows = isSweep ? await sweepSyscalls(shared) : await playCampaign(shared)
  const seconds = Math.round((performance.now() - startMs) / 1_000)
  progress.end()
  if (isJson) console.log(JSON.stringify({ seed, seconds, node: process.version, rows }, undefined, 2))
  else {
    console.table(rows)
    console.log(`seed ${seed}, ${seconds} s, Node ${process.version}`)
  }
  const isWrong = rows.some(({ violations = 0, hung = 0 }) => Number(violations) + Number(hung) > 0)
  process.exitCode = isWrong ? 1 : interrupted
} catch (error) {
  progress.end()
  console.error(error)
  process.exitCode = 1
}

async function playInPeace(): Promise<ReadonlyMap<string, Transcript>> {
  const round = { mode: 'alone', runs: AGENTS.length, kills: 0, inPeace: new Map(), until } as const
  const { journals, violations } = await playRound({ ...round, random: randomOf(seed, 'peace') })
  const others = violations.filter(({ what }) => !what.startsWith('its runs are'))
  if (others.length > 0) throw new Error(`Runs that were left alone: ${JSON.stringify(others)}`)
  return transcriptsOf(journals)
}
