// What a run costs: npm run bench [-- --json]. Each figure stands beside a floor that is measured in the same minute; compare
// the ratios, not the figures, which are this machine's.
import { parseArgs } from 'node:util'

import { durableStepCost, resumeCost } from './durable-cost.ts'
import { importCosts } from './import-cost.ts'
import { IDEAL_MS, manyRunsCost, parallelToolCost, parallelToolWall, stepCost, stepGrowth } from './loop-cost.ts'
import type { Cost } from './measure.ts'
import { liveHeapCost, longRunHeapCost } from './memory-cost.ts'
import { wireCost } from './wire-cost.ts'

interface Row {
  readonly what: string
  readonly unit: string
  readonly cost: Cost
  /** The ratio that is aimed at, where there is one. */
  readonly atMost?: number
  /** The figure that is aimed at, where the floor says nothing. */
  readonly atMostOurs?: number
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const root = `${import.meta.dirname}/..`
const rows: Row[] = []

const add = async (what: string, unit: string, cost: () => Promise<Cost>, aim: Pick<Row, 'atMost' | 'atMostOurs'>) => {
  if (!values.json) console.error(`measuring: ${what}`)
  rows.push({ what, unit, cost: await cost(), ...aim })
}

// The aims are 0.6 times the cheapest peer's, as ratios to the same floor.
await add('a step, in a run of 50', 'us CPU', () => stepCost(50, 0), { atMost: 30 })
await add('a step, in a run of 500', 'us CPU', () => stepCost(500, 0), { atMost: 35 })
await add('a step of ours: in a run of 50, in one of 500', 'us CPU', stepGrowth, { atMost: 1.1 })
await add('a step with 100 text deltas, in a run of 50', 'us CPU', () => stepCost(50, 100), { atMost: 3.7 })
await add('a step with 100 text deltas, in a run of 500', 'us CPU', () => stepCost(500, 100), { atMost: 3.7 })
await add('a tool call, 50 in one step', 'us CPU', () => parallelToolCost(50), { atMost: 32 })
await add('a step with 50 tool calls of 10 ms', 'ms', () => parallelToolWall(50), { atMostOurs: 11.5 })
await add('1,000 runs at once, 250 ms of waiting', 'ms', () => manyRunsCost(1_000), { atMostOurs: 1.5 * IDEAL_MS })
await add('10,000 runs at once, 250 ms of waiting', 'ms', () => manyRunsCost(10_000), { atMostOurs: 6 * IDEAL_MS })
await add('the heap of a run that waits', 'KB', () => liveHeapCost(2_000), { atMostOurs: 10 })
await add('the heap after 2,000 steps with results of 2 KB', 'MB', () => longRunHeapCost(2_000, 2_048), { atMost: 1.3 })
for (const level of ['full', 'normal'] as const)
  for (const steps of [100, 800]) {
    const what = `a durable step of 2 KB, ${level}, in runs of ${steps}`
    if (!values.json) console.error(`measuring: ${what}`)
    const { cpu, written } = await durableStepCost(steps, level)
    rows.push(
      { what, unit: 'us CPU', cost: cpu, atMost: 1.5 },
      { what, unit: 'KB written', cost: written, atMost: 1.5 },
    )
  }
await add('from a crash to the next model call, 400 steps', 'ms', () => resumeCost(400), { atMost: 2 })
for (const api of ['anthropic', 'openai-chat', 'openai'] as const)
  for (const pace of ['burst', 'paced'] as const)
    await add(`2,000 text deltas of ${api}, ${pace}`, 'ms CPU', () => wireCost(api, pace), { atMost: 1.25 })
if (!values.json) console.error('measuring: import')
const { zod, node } = await importCosts(root)
rows.push({ what: "import '@executus/core', against zod alone", unit: 'ms', cost: zod, atMost: 1.25 })

if (values.json) console.log(JSON.stringify({ node: process.version, emptyProcessMs: node, rows }, undefined, 2))
else printTable()

const missed = rows.filter(
  ({ cost: { floor, ours }, atMost = Infinity, atMostOurs = Infinity }) => ours / floor > atMost || ours > atMostOurs,
)
for (const { what } of missed) console.error(`missed: ${what}`)
process.exitCode = missed.length > 0 ? 1 : 0

function printTable(): void {
  const lines = rows.map(({ what, unit, cost: { floor, ours }, atMost, atMostOurs }) => [
    what,
    unit,
    floor.toFixed(2),
    ours.toFixed(2),
    (ours / floor).toFixed(2),
    atMost === undefined ? (atMostOurs === undefined ? '' : `<= ${atMostOurs} ${unit}`) : `<= ${atMost}`,
  ])
  const table = [['', 'unit', 'floor', 'executus', 'ratio', 'target'], ...lines]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)))
  for (const line of table)
    console.log(
      line
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
  console.log(
    `\nThe floor is a hand-written loop of 40 lines (benchmarks/bare-loop.ts), the vendor's SDK alone, or zod's import. Node ${process.version}.`,
  )
}
