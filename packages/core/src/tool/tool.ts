import type { Checked, ToolSpec } from '@executus/llm'

/** What a tool does to the world: nothing, something, or something that cannot be undone. */
export type ToolEffect = 'read' | 'write' | 'destructive'

/**
 * What becomes of a call that may have begun before a crash and has no result: it runs again (`rerun`), it runs again
 * with the same `idempotencyKey` (`idempotent`), or it does not, and the model is told so (`once`).
 */
export type ReplayClass = 'rerun' | 'idempotent' | 'once'

/** What a tool can reach; rules speak of these. A host's own begin with `x:`. */
export type ToolCapability =
  | 'net.read'
  | 'net.send'
  | 'fs.read'
  | 'fs.write'
  | 'fs.delete'
  | 'exec'
  | 'agent.delegate'
  | 'memory.read'
  | 'memory.write'
  | 'message.send'
  | 'secret.use'
  | 'spend'
  | `x:${string}`

/**
 * Who may see a tool: every run (`public`), runs of the host's own agents (`private`), or no model at all (`lowlevel`:
 * it is there for other tools).
 */
export type ToolVisibility = 'public' | 'private' | 'lowlevel'

/** What one call is about to touch, in its one true spelling: `{ kind: 'path', value: 'src/main.ts' }`. */
export interface ToolResource {
  readonly kind: string
  readonly value: string
}

/** Whether an effect of an earlier attempt took place, and what it gave. */
export type Reconciled =
  | { readonly done: true; readonly value: unknown }
  | { readonly done: false }
  | { readonly unknown: true }

/** What a tool is given beside its input. */
export interface ToolContext {
  readonly runId: string
  /** The call's id, unique in the run. */
  readonly callId: string
  /** Which step of the run asked for it, counting from 1. */
  readonly step: number
  /** The same for every attempt at this call, and for no other: for a remote that knows such keys. */
  readonly idempotencyKey: string
  /** Counts from 1; more than 1 after a crash, of tools that do more than run again. */
  readonly attempt: number
  /** Who the run is for, as its invocation says. */
  readonly caller?: string
  /** Aborts when the call's time is up or the run stops. */
  readonly signal: AbortSignal
  /** How far the run has come. */
  progress(): RunProgress
}

/** How far a run has come, and how far it may go. */
export interface RunProgress {
  readonly agent: string
  readonly phase?: string
  /** Model calls begun, the present one included. */
  readonly steps: number
  /** The most that this phase, or the run, may take. */
  readonly maxSteps: number
  /** Waiting for people not counted. */
  readonly elapsedMs: number
  readonly timeoutMs: number
  /** Whether it waits for people. */
  readonly isWaiting: boolean
  readonly inputTokens: number
  readonly outputTokens: number
}

/** A capability that a model may call. Made by `defineTool`, frozen. */
export interface Tool {
  readonly name: string
  readonly effect: ToolEffect
  readonly replay: ReplayClass
  readonly capabilities: readonly ToolCapability[]
  readonly visibility: ToolVisibility
  /** Set when each call needs a human's word. */
  readonly approval?: 'ask'
  readonly timeoutMs?: number
  /** How the model sees it. */
  readonly spec: ToolSpec
  /** Checks what the model wrote; the problem is worded for the model. */
  readonly parse: (value: unknown) => Checked<unknown> | Promise<Checked<unknown>>
  /** What a call with this input would touch. */
  readonly resources?: (input: unknown) => readonly ToolResource[] | Promise<readonly ToolResource[]>
  /** Does it. `input` is what `parse` gave and what was judged, frozen. */
  readonly run: (input: unknown, context: ToolContext) => unknown
  /** Finds out what became of an earlier attempt at a call that must not run twice. */
  readonly reconcile?: (idempotencyKey: string) => Promise<Reconciled>
}
