import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { bareLoop, type BareMessage } from './bare-loop.ts'
import { executusOver, executusRun } from './executus-loop.ts'
import type { Cost } from './measure.ts'
import { Script } from './script.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const STEPS = 5
// A run's heap is read while it waits in the middle of its work.
const PARKED_AT = 2

/** Kilobytes of live heap for each of `count` runs that wait for their third answer. */
export async function liveHeapCost(count: number): Promise<Cost> {
  const parked = async (start: (script: Script) => () => Promise<string>) => {
    let arrived = 0
    const { promise: gate, resolve: open } = Promise.withResolvers<undefined>()
    const { promise: all, resolve: allArrived } = Promise.withResolvers<undefined>()
    const script = new Script({
      steps: STEPS,
      onTurn: (turn) => {
        if (turn !== PARKED_AT) return undefined
        arrived += 1
        if (arrived === count) allArrived(undefined)
        return gate
      },
    })
    const run = start(script)
    const before = await heapUsed()
    const runs = Array.from({ length: count }, run)
    await all
    const after = await heapUsed()
    open(undefined)
    const answers = await Promise.all(runs)
    script.verify(count, answers.at(-1)!)
    return (after - before) / count / 1024
  }
  // Once to warm up: code that is compiled on the way counts as heap.
  for (const once of [bare, ours]) await parked(once)
  return { floor: await parked(bare), ours: await parked(ours) }
}

/** Megabytes of heap that one run of `steps` leaves behind, its conversation included. */
export async function longRunHeapCost(steps: number, resultChars: number): Promise<Cost> {
  const kept = async (run: (script: Script) => Promise<unknown>) => {
    const script = new Script({ steps, resultChars })
    const before = await heapUsed()
    const conversation = await run(script)
    const after = await heapUsed()
    if (conversation === undefined) throw new Error('The conversation is gone')
    return (after - before) / 1024 / 1024
  }
  const bareRun = async (script: Script) => {
    const messages: BareMessage[] = [{ role: 'user', content: 'go' }]
    await bareLoop(script, false, { messages })
    return messages
  }
  const ourRun = async (script: Script) => (await executusOver(script).run(AGENT, 'go')).messages
  for (const once of [bareRun, ourRun]) await kept(once)
  return { floor: await kept(bareRun), ours: await kept(ourRun) }
}

const AGENT = { name: 'worker', instructions: 'Work.', tools: ['step'] }

function bare(script: Script): () => Promise<string> {
  return () => bareLoop(script, false)
}

function ours(script: Script): () => Promise<string> {
  const executor = executusOver(script)
  return () => executusRun(executor, false)
}

async function heapUsed(): Promise<number> {
  // What the first collection lets go of, a finaliser or a turn of the loop may still hold.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
  }
  return process.memoryUsage().heapUsed
}
