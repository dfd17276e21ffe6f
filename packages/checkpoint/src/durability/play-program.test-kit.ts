import { recoverRuns } from '../recover-runs.ts'
import { killOwner } from '../testing/memory-stores.ts'
import { Ledger, journalsOf } from './ledger.test-kit.ts'
import { answersOf, FAILING, type RandomAct, type RandomLife, type RandomProgram } from './random-program.test-kit.ts'
import { createWorld, type Life, type World } from './world.test-kit.ts'

/** What became of a program. */
export interface Played {
  /** What must not be, in words. */
  readonly problems: readonly string[]
  /** How the run ended in its record; `stuck` when it did not. */
  readonly status: string
  readonly wasCancelled: boolean
  /** Crashes by the record, and processes that were made to crash or were taken for dead. */
  readonly crashes: number
  readonly deaths: number
  readonly lives: number
  readonly runs: number
  /** All journals, to be read when something is wrong. */
  readonly journals: string
}

/** Nothing goes wrong in these, and people say yes: a run that has not ended after them never will. */
const PEACEFUL_LIVES = 4
const MOST_ROUNDS = 30
/** Turns of the event loop; a life takes some hundred. */
const MOST_TURNS = 5_000

const WRITES = new Set(['create', 'claim', 'append', 'park', 'release', 'settle', 'deliver', 'cancel'])

export async function playProgram(program: RandomProgram): Promise<Played> {
  const ledger: Ledger = new Ledger(() => world.memory)
  const zombies = new Set<Life>()
  const dead = new Set<Life>()
  let effects = 0
  const world: World = createWorld({
    turns: answersOf(program.root, 'child'),
    child: answersOf(program.child, 'grandchild'),
    grandchild: answersOf(program.grandchild, 'nobody'),
    options: {
      limits: {
        ...{ maxParallelTools: program.maxParallelTools, maxToolErrors: 99, maxRepeatedCalls: 99 },
        ...{ timeoutMs: 1e9, maxSteps: 99 },
      },
    },
    async during(what, life, n = 0) {
      ledger.start(what, zombies.has(life))
      await turns(program.ticks[effects++ % program.ticks.length]!)
      if (n >= FAILING) throw new Error('it fails')
      ledger.complete(what)
    },
    onStored: (...call) => ledger.stored(...call),
  })
  const other = world.live()
  const work: Promise<unknown>[] = []
  let deaths = 0
  let lives = 0
  for (; lives < program.lives.length + PEACEFUL_LIVES && !(await hasSettled(world)); lives++) {
    await world.clock.advance(600_000) // whatever rests has rested
    const plan = program.lives[lives]
    const acts = program.acts.filter(({ life }) => life === lives)
    const doAct = ({ what }: RandomAct) => act(other, ledger, what)
    const life = startLife(world, plan, { acts, doAct }, () => {
      deaths += 1
      ;(plan?.end === 'zombie' ? zombies : dead).add(life)
    })
    const living = liveOut(world, life, plan, () => zombies.has(life))
    await ended(world, living, life, zombies)
    if (zombies.has(life)) work.push(living)
    const { status } = (await world.memory.find('r')) ?? {}
    if (status === 'waiting' && ledger.isCancelled('r')) ledger.faults.push('it waits, though it is cancelled')
    // Its process is gone: it holds nothing any more.
    if (!zombies.has(life) && !dead.has(life)) await life.checkpoints.close().catch(() => {})
    await world.memory.revive('r')
  }
  await ended(world, Promise.allSettled(work), undefined, zombies)
  const { runs } = await world.memory.list({ limit: 1_000 })
  ledger.check(
    runs.map(({ runId }) => runId),
    lives,
  )
  for (const { runId, status } of runs) if (status !== 'settled') ledger.faults.push(`${runId} is ${status} in the end`)
  const record = await world.memory.find('r')
  const { outcome, crashes = 0 } = record ?? {}
  const status = outcome?.status ?? 'stuck'
  const wasCancelled = ledger.isCancelled('r')
  if (status !== 'ok' && !(wasCancelled && status === 'cancelled')) ledger.faults.push(`it ended as ${status}`)
  if (crashes > deaths) ledger.faults.push(`${crashes} crashes are counted, and ${deaths} processes died`)
  return {
    ...{ problems: ledger.faults, status, wasCancelled, crashes },
    ...{ deaths, lives, runs: runs.length },
    journals: await journalsOf(world.memory),
  }
}

async function hasSettled({ memory }: World): Promise<boolean> {
  return (await memory.find('r'))?.status === 'settled'
}

/** A process that ends as planned, while others do what they do. */
function startLife(
  world: World,
  plan: RandomLife | undefined,
  { acts, doAct }: { readonly acts: readonly RandomAct[]; readonly doAct: (act: RandomAct) => void },
  onDeath: () => void,
): Life {
  let writes = 0
  const life: Life = world.live({
    side: plan?.side ?? 'before',
    call(name) {
      if (!WRITES.has(name)) return false
      const write = writes++
      for (const one of acts) if (one.atWrite === write) doAct(one)
      if (plan?.atWrite !== write) return false
      if (plan.end === 'shutdown') void life.executor.shutdown()
      else onDeath()
      if (plan.end === 'zombie') killOwner(life.store)
      return plan.end === 'crash'
    },
  })
  return life
}

/** What a process does: it begins the run or goes on with it, as long as people say something. */
async function liveOut(
  world: World,
  { executor, checkpoints }: Life,
  plan: RandomLife | undefined,
  isZombie: () => boolean,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && !isZombie(); round++) {
    try {
      if ((await world.memory.find('r')) === undefined) await executor.run(BOSS, 'go', { runId: 'r' })
      else await recoverRuns(executor, checkpoints)
    } catch {
      return // the executor is shut down
    }
    const record = await world.memory.find('r')
    if (record?.status !== 'waiting' || plan?.says === 'nothing') return
    const decisions = (record.waits ?? []).map((id, index) => ({ id, isApproved: isYes(plan?.says ?? 'yes', index) }))
    await checkpoints.deliver('r', decisions).catch(() => {})
  }
}

const BOSS = { name: 'boss', instructions: 'boss', tools: ['read', 'write', 'same', 'destroy'], palette: ['child'] }

function isYes(says: RandomLife['says'], index: number): boolean {
  return says === 'yes' || (says === 'mixed' && index % 2 === 0)
}

/** What another process does, in the very turn of the event loop in which this one writes. */
function act(other: Life, ledger: Ledger, what: RandomAct['what']): void {
  const below = ledger.made.at(-1)
  if (what === 'cancel') void other.checkpoints.cancel('r', 'enough')
  else if (what === 'cancel below') {
    if (below !== undefined) void other.checkpoints.cancel(below, 'enough')
  } else {
    // Some are decided before they are asked for.
    const ids = ledger.requests.length === 0 ? ['r/c0', 'r/c1', 'r/c0/c0'] : ledger.requests
    void other.checkpoints.deliver(
      'r',
      ids.map((id) => ({ id, isApproved: what === 'approve' })),
    )
  }
}

/** Waits until a life is over. @throws Error with all journals when it never is */
async function ended(
  world: World,
  living: Promise<unknown>,
  life: Life | undefined,
  zombies: ReadonlySet<Life>,
): Promise<void> {
  const state = { isOver: false }
  const over = () => void (state.isOver = true)
  void living.then(over, over)
  void life?.stopped.then(over)
  for (let turn = 0; turn < MOST_TURNS && !state.isOver; turn++) {
    if (life !== undefined && zombies.has(life)) return
    await turns(1)
  }
  if (!state.isOver) throw new Error(`A life never ends:\n${await journalsOf(world.memory)}\n${world.done.join('\n')}`)
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
