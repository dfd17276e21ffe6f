import { bareLoop } from './bare-loop.ts'
import { executusOver, executusRun } from './executus-loop.ts'
import { compare, cpuOf, type Cost, wallOf } from './measure.ts'
import { Script, type ScriptOptions } from './script.ts'

// Enough work for one sample to stand out from the clock's grain of about 1 ms.
const STEPS_A_SAMPLE = 10_000

/** Microseconds of CPU per step of one run after another. */
export async function stepCost(steps: number, deltasPerStep: number): Promise<Cost> {
  const isStreamed = deltasPerStep > 0
  const runs = Math.ceil(STEPS_A_SAMPLE / steps / (isStreamed ? 10 : 1))
  const cost = await runsInTurn({ steps, deltasPerStep }, runs, isStreamed)
  return perUnit(cost, runs * steps)
}

/** Microseconds of CPU per step of our runs, of 50 steps and of 500: what a step costs must not grow with those before it. */
export async function stepGrowth(): Promise<Cost> {
  const sample = (steps: number) => () => {
    const runs = STEPS_A_SAMPLE / steps
    const script = new Script({ steps })
    const executor = executusOver(script)
    return cpuOf(() => inTurn(script, runs, () => executusRun(executor, false)))
  }
  return perUnit(await compare(9, sample(50), sample(500)), STEPS_A_SAMPLE)
}

/** Milliseconds on the wall of one step with `calls` tool calls that take 10 ms each. */
export function parallelToolWall(calls: number): Promise<Cost> {
  const options = { steps: 2, callsPerStep: calls, toolMs: 10 }
  return compare(
    9,
    () => {
      const script = new Script(options)
      return wallOf(() => inTurn(script, 1, () => bareLoop(script, false)))
    },
    () => {
      const script = new Script(options)
      const executor = executusOver(script)
      return wallOf(() => inTurn(script, 1, () => executusRun(executor, false)))
    },
  )
}

/** Microseconds of CPU per tool call, `calls` of them in one step. */
export async function parallelToolCost(calls: number): Promise<Cost> {
  const runs = 100
  return perUnit(await runsInTurn({ steps: 2, callsPerStep: calls }, runs, false), runs * calls)
}

/** What five waits of 50 ms take, and no run can take less. */
export const IDEAL_MS = 250

/** Milliseconds until `count` runs at once are done, each of five steps that wait 50 ms for the model. */
export function manyRunsCost(count: number): Promise<Cost> {
  const options = { steps: 5, modelMs: IDEAL_MS / 5 }
  return compare(
    3,
    () => {
      const script = new Script(options)
      return wallOf(() => atOnce(script, count, () => bareLoop(script, false)))
    },
    () => {
      const script = new Script(options)
      const executor = executusOver(script)
      return wallOf(() => atOnce(script, count, () => executusRun(executor, false)))
    },
  )
}

function runsInTurn(options: ScriptOptions, runs: number, isStreamed: boolean): Promise<Cost> {
  return compare(
    7,
    () => {
      const script = new Script(options)
      return cpuOf(() => inTurn(script, runs, () => bareLoop(script, isStreamed)))
    },
    () => {
      const script = new Script(options)
      const executor = executusOver(script)
      return cpuOf(() => inTurn(script, runs, () => executusRun(executor, isStreamed)))
    },
  )
}

async function inTurn(script: Script, runs: number, run: () => Promise<string>): Promise<void> {
  let answer = ''
  for (let count = 0; count < runs; count++) answer = await run()
  script.verify(runs, answer)
}

async function atOnce(script: Script, runs: number, run: () => Promise<string>): Promise<void> {
  const answers = await Promise.all(Array.from({ length: runs }, run))
  script.verify(runs, answers.at(-1)!)
}

function perUnit({ floor, ours }: Cost, units: number): Cost {
  return { floor: floor / units, ours: ours / units }
}
