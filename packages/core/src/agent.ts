import { checkCount, checkKeys, checkText, checkTexts, expected } from './check-option.ts'
import { DEFAULT_LIMITS, type Limits, mergeLimits } from './limits.ts'

/** How to run, as plain data: it can be stored and sent. */
export interface Agent {
  readonly name: string
  /** What others who may delegate to it read about it. */
  readonly description?: string
  /** The system prompt. */
  readonly instructions?: string
  /** A tier's name, or a chain of model specs. @default 'fast' */
  readonly tier?: string
  /** Names of the executor's tools that it may use. @default none */
  readonly tools?: readonly string[]
  readonly limits?: Limits
  /** Stages, one after the other, each a conversation of its own that begins with the run's input. @default one */
  readonly phases?: readonly Phase[]
  /** Names of the agents and skills that it may delegate to. @default none */
  readonly palette?: readonly string[]
  /** Names of tools that those may use at most. @default its own tools */
  readonly delegateTools?: readonly string[]
}

/** One stage of an agent. What it leaves open is the agent's. */
export interface Phase {
  readonly name: string
  /**
   * Follows the agent's own instructions. `{{name}}` stands for the output of the newest earlier phase of that name.
   */
  readonly instructions: string
  readonly tier?: string
  readonly tools?: readonly string[]
  /** Model calls of this phase. @default the run's `maxSteps` */
  readonly maxSteps?: number
}

const OPTIONS = ['name', 'description', 'instructions', 'tier', 'tools', 'limits', 'phases', 'palette', 'delegateTools']
const PHASE = ['name', 'instructions', 'tier', 'tools', 'maxSteps']

/**
 * Looks whether an agent from outside, out of a store say, is one. Tiers, tools and delegates are looked up when it runs.
 *
 * @throws TypeError or RangeError that names the field
 */
export function checkAgent(agent: Agent): void {
  checkKeys('agent', agent, OPTIONS)
  checkText('agent.name', agent.name)
  for (const name of ['description', 'instructions'] as const)
    if (agent[name] !== undefined && typeof agent[name] !== 'string')
      throw expected(`agent.${name}`, 'a string', agent[name])
  if (agent.tier !== undefined) checkText('agent.tier', agent.tier)
  for (const name of ['tools', 'palette', 'delegateTools'] as const)
    if (agent[name] !== undefined) checkTexts(`agent.${name}`, agent[name])
  if (agent.phases !== undefined) checkPhases(agent.phases)
  mergeLimits(DEFAULT_LIMITS, agent.limits, 'agent.limits')
}

function checkPhases(phases: readonly Phase[]): void {
  if (!Array.isArray(phases)) throw expected('agent.phases', 'a list of phases', phases)
  if (phases.length === 0) throw new RangeError('Expected `agent.phases` to hold at least one phase')
  const before = new Set<string>()
  for (const [index, phase] of (phases as readonly Phase[]).entries()) {
    const option = `agent.phases[${index}]`
    checkKeys(option, phase, PHASE)
    checkText(`${option}.name`, phase.name)
    checkText(`${option}.instructions`, phase.instructions)
    if (phase.tier !== undefined) checkText(`${option}.tier`, phase.tier)
    if (phase.tools !== undefined) checkTexts(`${option}.tools`, phase.tools)
    if (phase.maxSteps !== undefined) checkCount(`${option}.maxSteps`, phase.maxSteps, 1)
    checkPlaceholders(option, phase.instructions, before)
    before.add(phase.name)
  }
}

const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g

function checkPlaceholders(option: string, instructions: string, before: ReadonlySet<string>): void {
  for (const [, name] of instructions.matchAll(PLACEHOLDER))
    if (!before.has(name!))
      throw new RangeError(
        `Expected \`${option}.instructions\` to name phases before it (${[...before].join(', ') || 'there is none'}), got \`{{${name}}}\``,
      )
}

/** The instructions with the outputs of earlier phases in place of their names; an output is not looked into again. */
export function fillInstructions(instructions: string, outputs: ReadonlyMap<string, string>): string {
  return instructions.replaceAll(PLACEHOLDER, (placeholder, name: string) => outputs.get(name) ?? placeholder)
}
