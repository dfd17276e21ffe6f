import {
  type Agent,
  approveLater,
  createExecutor,
  defineTool,
  type Executor,
  type ExecutorOptions,
  type JournalEntry,
  type Limits,
  noLogger,
  type Reconciled,
  staticPalette,
} from '@executus/core'
import { type FakeClock, fakeClock } from '@executus/core/testing'
import { type Message, type Model, modelStream } from '@executus/llm'
import { z } from 'zod'

import { type Checkpoints, createCheckpoints } from '../checkpoints.ts'
import type { JournalStore } from '../journal-store.ts'
import { type MemoryJournalStore, memoryJournalStore } from '../memory-store.ts'
import { agent, type PureAnswer, pureModel, turnOf } from '../pure-host.test-kit.ts'
import { killOwner } from '../testing/memory-stores.ts'

/** A call to the store, as a fault point names it. */
export type StoreCall = (name: string, args: readonly unknown[]) => boolean

/** Where the world stops for a process: before a call to the store is made, or when it was made and has not answered yet. */
export interface FaultPoint {
  readonly side: 'before' | 'after'
  readonly call: StoreCall
}

export const before = (call: StoreCall): FaultPoint => ({ side: 'before', call })
export const after = (call: StoreCall): FaultPoint => ({ side: 'after', call })

/** The making of a run's record. */
export function making(runId = 'r'): StoreCall {
  return (name, [run]) => name === 'create' && (run as { readonly runId: string }).runId === runId
}

/** The append that brings an entry of this type to a run's record, and of this key if it has one. */
export function keeping(type: JournalEntry['type'], key?: string, runId = 'r'): StoreCall {
  const isIt = (entry: JournalEntry) =>
    entry.type === type && (key === undefined || ('key' in entry && entry.key === key))
  return (name, [claim, entries]) =>
    name === 'append' &&
    (claim as { readonly runId: string }).runId === runId &&
    (entries as readonly JournalEntry[]).some(isIt)
}

/** Any other method, of the store or of one run. */
export function calling(method: keyof JournalStore, runId = 'r'): StoreCall {
  return (name, [first]) =>
    name === method && ((first as { readonly runId?: string } | undefined)?.runId ?? first) === runId
}

/** What happens in a world: the same at each life, but for `during`. */
export interface Scene {
  readonly turns: readonly PureAnswer[]
  readonly child?: readonly PureAnswer[]
  readonly grandchild?: readonly PureAnswer[]
  readonly agent?: Agent
  readonly childLimits?: Limits
  /** Called as a tool takes effect, `write r/tool:c0`, or a model is asked, `model r 1`; what it gives is awaited. */
  readonly during?: (what: string, life: Life, n?: number) => unknown
  /** Called when the store has done what a life asked for, though that may never hear of it. */
  readonly onStored?: (name: string, args: readonly unknown[], answer: unknown) => void
  readonly reconcile?: (idempotencyKey: string) => Promise<Reconciled>
  readonly options?: ExecutorOptions
}

/** A process over the world's records. */
export interface Life {
  readonly number: number
  readonly store: MemoryJournalStore
  readonly executor: Executor
  readonly checkpoints: Checkpoints
  /** Resolves when its fault point was reached. */
  readonly stopped: Promise<unknown>
  /** Ends it here: nothing that it does from now on has any effect. */
  readonly die: () => void
}

export interface World {
  readonly clock: FakeClock
  readonly memory: MemoryJournalStore
  /** What was done by all lives, in order: see `Scene.during`. */
  readonly done: readonly string[]
  /** Sets the clock: no time goes by. */
  jump(ms: number): void
  /** Starts a process, which goes on until its fault point if it has one. */
  live(point?: FaultPoint): Life
  /** Starts a process that does `work`, a run `r` if nothing else is said, and dies at its fault point. */
  dieAt(point: FaultPoint, work?: (life: Life) => Promise<unknown>): Promise<void>
}

/** Something that a dead process waits for. */
const never = () => new Promise<never>(() => {})

export const startRun = ({ executor }: Life, scene?: Scene) => executor.run(scene?.agent ?? agent, 'go', { runId: 'r' })

export function createWorld(scene: Scene): World {
  const still = fakeClock()
  let jumpedMs = 0
  const clock = Object.assign(Object.create(still) as FakeClock, { now: () => still.now() + jumpedMs })
  const memory = memoryJournalStore({ clock })
  const done: string[] = []
  let lives = 0

  function live(point?: FaultPoint): Life {
    lives += 1
    const { promise: stopped, resolve: stop } = Promise.withResolvers<null>()
    const store = memory.connect()
    let isDead = false
    const die = () => {
      isDead = true
      killOwner(store)
      stop(null)
    }
    const reach = async (what: string, n?: number) => {
      if (isDead) return never()
      done.push(what)
      await scene.during?.(what, life, n)
      return isDead ? never() : undefined
    }
    const dying = mortal(store, { point, isDead: () => isDead, die, ...scene })
    const checkpoints = createCheckpoints(dying, { clock })
    const executor = createExecutor(hostOf(scene, { clock, checkpointer: checkpoints }, reach))
    const life: Life = { number: lives, store, executor, checkpoints, stopped, die }
    return life
  }

  return {
    clock,
    memory,
    done,
    live,
    jump: (ms) => void (jumpedMs += ms),
    async dieAt(point, work = (life) => startRun(life, scene)) {
      const life = live(point)
      const ended = await Promise.race([work(life).then(() => true), life.stopped.then(() => false)])
      if (ended) throw new Error(`Life ${life.number} never came to its fault point`)
    },
  }
}

/** `store`, until the process dies: from then on nothing answers. */
function mortal(
  store: MemoryJournalStore,
  {
    point,
    isDead,
    die,
    onStored,
  }: Pick<Scene, 'onStored'> & {
    readonly point: FaultPoint | undefined
    readonly isDead: () => boolean
    readonly die: () => void
  },
): JournalStore {
  return new Proxy<JournalStore>(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown
      if (typeof method !== 'function') return method
      return async (...args: readonly unknown[]) => {
        if (isDead()) return never()
        const isHere = point?.call(String(name), args) === true
        if (isHere && point.side === 'before') die()
        if (isDead()) return never()
        const answer: unknown = await Reflect.apply(method, target, args)
        onStored?.(String(name), args, answer)
        if (isHere) die()
        return isDead() ? never() : answer
      }
    },
  })
}

/** An executor whose agents have `read` (rerun), `same` (idempotent), `write` (once) and `destroy` (once, asked for). */
function hostOf(
  scene: Scene,
  ports: Pick<ExecutorOptions, 'clock' | 'checkpointer'>,
  reach: (what: string, n?: number) => Promise<void>,
): ExecutorOptions {
  const tool = (name: string, effect: 'read' | 'write' | 'destructive', replay?: 'idempotent') =>
    defineTool({
      name,
      description: name,
      effect,
      ...(replay && { replay }),
      ...(name === 'write' && scene.reconcile && { reconcile: scene.reconcile }),
      input: z.object({ n: z.number() }),
      run: async ({ n }, { idempotencyKey, attempt }) => {
        await reach(`${name} ${idempotencyKey}${attempt > 1 ? ` again, ${attempt}` : ''}`, n)
        return `${name} ${n}`
      },
    })
  return {
    tiers: { fast: askedModel(scene, reach) },
    tools: [
      ...[tool('read', 'read'), tool('write', 'write')],
      ...[tool('same', 'write', 'idempotent'), tool('destroy', 'destructive')],
    ],
    palette: staticPalette([
      {
        ...{ name: 'child', description: 'helps', instructions: 'child' },
        ...{ tools: ['read', 'write', 'same', 'destroy'], palette: ['grandchild'] },
        ...(scene.childLimits && { limits: scene.childLimits }),
      },
      { name: 'grandchild', description: 'helps', instructions: 'grandchild', tools: ['write', 'destroy'] },
    ]),
    approvals: approveLater,
    logger: noLogger,
    ...ports,
    ...scene.options,
  }
}

/** `pureModel`, which tells whenever it is asked. */
function askedModel({ turns, child = [], grandchild = [] }: Scene, reach: (what: string) => Promise<void>): Model {
  const model = pureModel(({ system = '', messages }) => {
    const mine = system.startsWith('grandchild') ? grandchild : system.startsWith('child') ? child : turns
    return mine[turnOf(messages)] ?? { text: 'done' }
  })
  return {
    ...model,
    stream: (request, options) =>
      modelStream(async () => {
        await reach(`model ${String(options?.attribution?.['runId'])} ${turnOf(request.messages) + 1}`)
        return model.stream(request).result()
      }),
  }
}

/** What the model read as the results of its calls, in order. */
export function resultsIn(messages: readonly Message[]): readonly string[] {
  return messages
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .map(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')).join(''))
}
