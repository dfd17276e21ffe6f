import type { JsonObject } from '@executus/llm'

import { checkKeys, checkOneOf, checkPort, checkText, checkTexts, expected } from '../check-option.ts'
import type { Principal } from '../ports/identity.ts'
import type { Tool, ToolCapability, ToolEffect, ToolResource } from '../tool/tool.ts'
import type { Decision, Verdict } from './decision.ts'

/**
 * What is asked or denied before any rule speaks:
 *
 * - `readonly`: tools that do more than read are denied.
 * - `standard`: destructive tools are asked for.
 * - `trusted`: nothing is.
 * - `unattended`: as `standard`, and what would be asked for is denied.
 */
export type PermissionMode = 'readonly' | 'standard' | 'trusted' | 'unattended'

/** Rules as plain data. They can only tighten: of all that apply, the strictest decides, and their order says nothing. */
export interface PermissionRules {
  /** @default 'standard' */
  readonly mode?: PermissionMode
  readonly rules?: readonly PermissionRule[]
}

/** Applies to a call when everything that it names fits. `*` in a pattern stands for any run of characters. */
export interface PermissionRule {
  readonly decision: 'deny' | 'ask'
  /** Patterns of tool names. */
  readonly tools?: readonly string[]
  readonly effects?: readonly ToolEffect[]
  readonly capabilities?: readonly ToolCapability[]
  /** Patterns of what the call touches: `path:secrets/*`, `url:https://example.com/*`. One that fits is enough. */
  readonly resources?: readonly string[]
  /** For whom it is. */
  readonly who?: Audience
  /** For whom it is not. */
  readonly unless?: Audience
  /** One sentence, which the model reads. */
  readonly reason?: string
}

/** Fits when any of its lists holds a match. */
export interface Audience {
  readonly callers?: readonly string[]
  readonly roles?: readonly string[]
  readonly channels?: readonly string[]
  readonly agents?: readonly string[]
  readonly admins?: true
}

/** An executor's permissions: rules, and a judge of the host's own. */
export interface Permissions extends PermissionRules {
  /** Asked at each call after the rules; can only tighten. When it throws or does not answer in time, the call is denied. */
  judge?(call: CallToJudge): Decision | Verdict | Promise<Decision | Verdict>
}

/** A call as it is judged: these very arguments are the ones that the tool gets. */
export interface CallToJudge {
  readonly tool: Tool
  readonly input: JsonObject
  readonly resources: readonly ToolResource[]
  readonly asker: Asker
}

/** On whose behalf a tool is used. */
export interface Asker {
  readonly runId: string
  readonly agent: string
  /** Names of the agents above it, the root's first: rules for any of them bind it too. */
  readonly ancestors?: readonly string[]
  readonly channel?: string
  readonly principal: Principal
  /** Whether the host itself wrote the agent. */
  readonly isFirstParty: boolean
  /** Whether there is anybody to ask. */
  readonly canAsk: boolean
}

const MODES: readonly PermissionMode[] = ['readonly', 'standard', 'trusted', 'unattended']
const RULE = ['decision', 'tools', 'effects', 'capabilities', 'resources', 'who', 'unless', 'reason']
const AUDIENCE = ['callers', 'roles', 'channels', 'agents', 'admins']

/** @throws TypeError or RangeError that names what is wrong */
export function checkPermissions(option: string, permissions: Permissions, mayJudge: boolean): void {
  checkKeys(option, permissions, mayJudge ? ['mode', 'rules', 'judge'] : ['mode', 'rules'])
  const { mode, rules = [] } = permissions
  if (mode !== undefined) checkOneOf(`${option}.mode`, mode, MODES)
  if ('judge' in permissions) checkPort(option, permissions, ['judge'])
  if (!Array.isArray(rules)) throw expected(`${option}.rules`, 'a list of rules', rules)
  for (const [index, rule] of (rules as readonly PermissionRule[]).entries())
    checkRule(`${option}.rules[${index}]`, rule)
}

function checkRule(option: string, rule: PermissionRule): void {
  checkKeys(option, rule, RULE)
  checkOneOf(`${option}.decision`, rule.decision, ['deny', 'ask'])
  for (const name of ['tools', 'effects', 'capabilities', 'resources'] as const)
    if (rule[name] !== undefined) checkTexts(`${option}.${name}`, rule[name])
  for (const effect of rule.effects ?? []) checkOneOf(`${option}.effects`, effect, ['read', 'write', 'destructive'])
  for (const name of ['who', 'unless'] as const)
    if (rule[name] !== undefined) checkAudience(`${option}.${name}`, rule[name])
  if (rule.reason !== undefined) checkText(`${option}.reason`, rule.reason)
}

function checkAudience(option: string, audience: Audience): void {
  checkKeys(option, audience, AUDIENCE)
  const { admins, ...lists } = audience
  if (admins !== undefined && !admins) throw expected(`${option}.admins`, 'true', admins)
  for (const [name, list] of Object.entries(lists)) if (list !== undefined) checkTexts(`${option}.${name}`, list)
}
