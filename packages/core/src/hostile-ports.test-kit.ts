import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import type { Agent } from './agent.ts'
import type { ExecutorOptions } from './config.ts'
import type { Executor } from './executor.ts'
import type { Invocation } from './invocation.ts'
import type { RunResult } from './result.ts'
import type { RunHandle } from './run/run-handle.ts'
import { type ScriptedHost, scriptedHost } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'
import type { Tool } from './tool/tool.ts'

/** Something that no port should do. */
export interface Misdeed {
  readonly name: string
  readonly kind: 'throws' | 'hangs' | 'rubbish'
  do(): unknown
}

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const raise = (thrown: unknown) => () => {
  throw thrown
}

/** What a query builder looks like. */
// oxlint-disable-next-line unicorn/no-thenable -- it stands for those that are
const thenable = (value: () => void) => ({ then: value })

const nothing: unknown = undefined

const EVIL = 'an evil deed'

export const MISDEEDS: readonly Misdeed[] = [
  { name: 'throws', kind: 'throws', do: raise(new Error(EVIL)) },
  { name: 'throws undefined', kind: 'throws', do: raise(undefined) },
  { name: 'throws a revoked proxy', kind: 'throws', do: raise(revoked()) },
  { name: 'rejects', kind: 'throws', do: () => Promise.reject(new Error(EVIL)) },
  { name: 'rejects with nothing', kind: 'throws', do: () => Promise.reject(nothing) },
  { name: 'hangs', kind: 'hangs', do: () => new Promise(() => {}) },
  { name: 'gives undefined', kind: 'rubbish', do: () => undefined },
  { name: 'gives null', kind: 'rubbish', do: () => null },
  { name: 'gives a promise of null', kind: 'rubbish', do: () => Promise.resolve(null) },
  { name: 'gives a number', kind: 'rubbish', do: () => 7 },
  { name: 'gives a text', kind: 'rubbish', do: () => 'rubbish' },
  { name: 'gives a wrong object', kind: 'rubbish', do: () => ({ ok: 1, status: [], tools: {}, name: 3 }) },
  { name: 'gives a list of nothing', kind: 'rubbish', do: () => [null, undefined] },
  { name: 'gives a frozen object', kind: 'rubbish', do: () => Object.freeze({}) },
  { name: 'gives a revoked proxy', kind: 'rubbish', do: revoked },
  {
    name: 'gives an object whose fields throw',
    kind: 'rubbish',
    // Except `then`: that would make it a thenable that throws, which has its own row.
    do: () =>
      new Proxy({}, { get: (_, key) => (key === 'then' ? undefined : raise(new Error(EVIL))()), has: () => true }),
  },
  { name: 'gives a thenable that hangs', kind: 'hangs', do: () => thenable(() => {}) },
  { name: 'gives a thenable that throws', kind: 'rubbish', do: () => thenable(raise(new Error(EVIL))) },
]

/** How a run is wired around one port that misbehaves. */
export interface Wiring {
  readonly options?: ExecutorOptions
  readonly invocation?: Invocation
  readonly agent?: Partial<Agent>
  readonly turns?: Parameters<typeof scriptedHost>[0]
  /** Begins the run some other way. */
  start?(executor: Executor): RunHandle
}

/** A port, or one of its methods. */
export interface Suspect {
  readonly port: string
  /** Whether its contract says that it can change nothing. */
  readonly isHarmless: boolean
  /** Whether the run waits for it as long as it lasts, harmless as it is otherwise. */
  readonly hangsRun?: true
  /** Whether there is nowhere left to tell what it throws. */
  readonly isSilent?: true
  /** Whether it is a field: nobody waits for it, and a promise in it is nobody's to catch. */
  readonly isField?: true
  /** Whether it may keep a run waiting without end: only its caller ends that. */
  readonly mayWait?: true
  wire(evil: () => never): Wiring
}

/** A test for each misdeed of each suspect. */
export function testSuspects(suspects: readonly Suspect[]): void {
  describe.each(suspects)('$port', (suspect) => {
    const misdeeds = MISDEEDS.filter(({ name }) => suspect.isField !== true || !name.startsWith('rejects'))
    test.each(misdeeds)('that $name leaves a run that ends, and tells of it', async (misdeed) => {
      const aftermath = await survive(suspect, misdeed)
      const mustTell = misdeed.kind === 'throws' && suspect.isSilent !== true
      expect(!mustTell || wasTold(aftermath, misdeed)).toBe(true)
    })
  })
}

/** A tool that works. */
export const probe: Tool = defineTool({
  name: 'probe',
  description: 'Looks.',
  effect: 'read',
  input: z.object({}),
  run: () => 'seen',
})

const TURNS = [{ calls: [{ name: 'probe' }] }, { text: 'done.' }]

export interface Aftermath {
  readonly result: RunResult
  readonly host: ScriptedHost
}

/** Runs through what `suspect` does when it does `misdeed`, and checks all that must hold after any run. */
export async function survive(suspect: Suspect, misdeed: Misdeed): Promise<Aftermath> {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', onUnhandled)
  try {
    const wiring = suspect.wire(() => misdeed.do() as never)
    const host = scriptedHost(wiring.turns ?? TURNS, { tools: [probe], ...wiring.options })
    const agent = { name: 'helper', tools: ['probe'], ...wiring.agent }
    const run = wiring.start?.(host.executor) ?? host.executor.start(agent, 'go', wiring.invocation)
    const result = await settle(run, host, suspect.mayWait === true)
    await host.clock.advance(DAY_MS)
    await new Promise(setImmediate)

    const events = await Array.fromAsync(run.events())
    expect(events.filter(({ type }) => type === 'run-end')).toEqual([expect.objectContaining({ result })])
    expect(host.clock.pending).toBe(0)
    expect(unhandled).toEqual([])
    expect(result.status === 'ok').toBe(!('error' in result && result.error instanceof Error))
    expect(result).toMatchObject({
      runId: run.id,
      status: expect.any(String) as string,
      output: expect.any(String) as string,
      messages: expect.any(Array) as unknown[],
    })
    const isWaitedFor = misdeed.kind === 'hangs' && suspect.hangsRun === true
    const isUndisturbed = result.status === 'ok' && result.output === 'done.'
    expect(isUndisturbed || !suspect.isHarmless || isWaitedFor).toBe(true)
    return { result, host }
  } finally {
    process.off('unhandledRejection', onUnhandled)
  }
}

/** Whether what was thrown is in the log, in the result or before the model: as it is, if it says anything. */
function wasTold({ result, host }: Aftermath, { name }: Misdeed): boolean {
  const { lines } = host.logger
  if (name === 'throws' || name === 'rejects') return inspect({ lines, result }, { depth: 20 }).includes(EVIL)
  const isInMessages = result.messages.some(
    ({ role, content }) => role === 'tool' && content.some((part) => part.type === 'tool-result' && part.isError),
  )
  return lines.length > 0 || result.status !== 'ok' || isInMessages
}

const DAY_MS = 24 * 60 * 60 * 1_000
// The run's minute, what is told at its end at ten seconds each, and a person's day.
const ROUNDS_MS = [...Array.from({ length: 40 }, () => 5_000), DAY_MS, DAY_MS]

async function settle(run: RunHandle, { clock }: ScriptedHost, mayWait: boolean): Promise<RunResult> {
  let settled: RunResult | undefined
  const result = run.result.then((value) => (settled = value))
  for (const ms of ROUNDS_MS) {
    await clock.advance(ms)
    if (settled !== undefined) return settled
  }
  if (mayWait) run.abort('nobody waits any more')
  for (const ms of ROUNDS_MS) {
    if (settled !== undefined || !mayWait) break
    await clock.advance(ms)
  }
  if (settled === undefined) throw new Error('The run hangs')
  return result
}
