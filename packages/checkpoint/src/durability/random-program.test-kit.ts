import * as fc from 'fast-check'

import { task } from '../pure-host.test-kit.ts'

/** What an agent does at a step. `fails`: the tool throws. */
interface RandomCall {
  readonly tool: 'read' | 'same' | 'write' | 'destroy' | 'below'
  readonly fails: boolean
}

export type RandomTurns = readonly (readonly RandomCall[])[]

/** How a process ends, if not by itself: at one of its writes. A zombie is taken for dead, and goes on. */
export interface RandomLife {
  readonly end: 'crash' | 'zombie' | 'shutdown'
  readonly atWrite: number
  readonly side: 'before' | 'after'
  /** What people say as long as it lives. */
  readonly says: 'yes' | 'no' | 'mixed' | 'nothing'
}

/** Something that another process does at a write of this one. */
export interface RandomAct {
  readonly life: number
  readonly atWrite: number
  readonly what: 'approve' | 'decline' | 'cancel' | 'cancel below'
}

/** All that is random about a run of several lives. Plain data: it shrinks and prints. */
export interface RandomProgram {
  readonly root: RandomTurns
  readonly child: RandomTurns
  readonly grandchild: RandomTurns
  readonly maxParallelTools: number
  readonly lives: readonly RandomLife[]
  readonly acts: readonly RandomAct[]
  /** How many turns of the event loop each effect takes, one after the other. */
  readonly ticks: readonly number[]
}

/** More writes than most lives have, so that some end by themselves. */
const WRITES = 25

function turns(tools: readonly RandomCall['tool'][], maxLength: number): fc.Arbitrary<RandomTurns> {
  const call = fc.record({
    tool: fc.constantFrom(...tools),
    fails: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  })
  return fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { maxLength })
}

export const randomProgram: fc.Arbitrary<RandomProgram> = fc.record({
  root: turns(['read', 'same', 'write', 'write', 'destroy', 'below', 'below'], 4),
  child: turns(['read', 'same', 'write', 'destroy', 'below'], 3),
  grandchild: turns(['write', 'destroy'], 2),
  maxParallelTools: fc.constantFrom(64, 2, 1),
  lives: fc.array(
    fc.record({
      end: fc.constantFrom('crash', 'crash', 'zombie', 'shutdown'),
      atWrite: fc.nat(WRITES),
      side: fc.constantFrom('before', 'after'),
      says: fc.constantFrom('yes', 'no', 'mixed', 'nothing'),
    }),
    { maxLength: 6 },
  ),
  acts: fc.array(
    fc.record({
      life: fc.nat(4),
      atWrite: fc.nat(WRITES),
      what: fc.constantFrom('approve', 'decline', 'approve', 'cancel', 'cancel below', 'cancel below'),
    }),
    { maxLength: 4 },
  ),
  ticks: fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }),
})

/** What a model says: `n` tells the calls apart, and from 1,000 on those that fail. */
export function answersOf(turnsOf: RandomTurns, below: string) {
  return turnsOf.map((calls, turn) => ({
    calls: calls.map(({ tool, fails }, index) => {
      const n = turn * 10 + index + (fails ? FAILING : 0)
      return tool === 'below' ? { name: `agent__${below}`, input: { ...task.input } } : { name: tool, input: { n } }
    }),
  }))
}

export const FAILING = 1_000
