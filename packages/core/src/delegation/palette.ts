import type { Agent } from '../agent.ts'
import type { RunInput } from '../input.ts'
import type { RunInfo } from '../run-info.ts'
import type { Tool } from '../tool/tool.ts'

/** Where the agents and skills come from that a run may delegate to. */
export interface Palette {
  /**
   * Those of `names` that this run may delegate to. A name that nobody knows is left out, and logged. When it throws the
   * run does not begin.
   */
  resolve(
    names: readonly string[],
    info: RunInfo,
    options: { readonly signal: AbortSignal },
  ): readonly Delegate[] | Promise<readonly Delegate[]>
}

/** Something to delegate to. The model sees an agent as the tool `agent__name` and a skill as `skill__name`. */
export interface Delegate {
  readonly kind: 'agent' | 'skill'
  readonly name: string
  /** What it is good at and when to ask it: all that the model knows about it. */
  readonly description: string
  readonly agent: Agent
  /** Whether the host itself wrote the agent. @default true */
  readonly isFirstParty?: boolean
  /** What a skill takes: a tool whose `run` is not used. @default a task in words */
  readonly input?: Pick<Tool, 'spec' | 'parse'>
  /** What the delegated run is given, made of the checked input. @default the task */
  readonly inputOf?: (input: unknown) => RunInput
}

/** A palette of agents that a host keeps in its program, by their names. */
export function staticPalette(agents: readonly (Agent & { readonly description: string })[]): Palette {
  const delegates = agents.map(({ description, ...agent }): Delegate => ({
    kind: 'agent',
    name: agent.name,
    description,
    agent,
  }))
  return { resolve: (names) => delegates.filter(({ name }) => names.includes(name)) }
}
