import type { Tool, ToolResource } from '../tool/tool.ts'
import { ALLOW, stricter, type Verdict } from './decision.ts'
import { matches } from './matches.ts'
import type { Asker, Audience, PermissionMode, PermissionRule, PermissionRules } from './policy.ts'

/**
 * What rules say about a tool before any call of it is known: those that depend on what a call touches stay silent. What
 * is denied here does not exist for the model.
 */
export function judgeTool(tool: Tool, asker: Asker, policies: readonly PermissionRules[]): Verdict {
  if (tool.visibility === 'lowlevel' || (tool.visibility === 'private' && !asker.isFirstParty)) return NOT_SEEN
  return judgeBy(tool, undefined, asker, policies)
}

/** What rules say about one call. */
export function judgeCall(
  tool: Tool,
  resources: readonly ToolResource[],
  asker: Asker,
  policies: readonly PermissionRules[],
): Verdict {
  return judgeBy(tool, resources, asker, policies)
}

/** An `ask` where nobody can be asked is a `deny`. */
export function settleAsk(verdict: Verdict, asker: Asker, policies: readonly PermissionRules[]): Verdict {
  const isUnattended = !asker.canAsk || policies.some(({ mode }) => mode === 'unattended')
  return verdict.decision === 'ask' && isUnattended ? NOBODY_TO_ASK : verdict
}

const NOT_SEEN: Verdict = Object.freeze({ decision: 'deny' })
const NOBODY_TO_ASK: Verdict = Object.freeze({
  decision: 'deny',
  reason: 'it needs the word of a person, and none can be asked here',
})

function judgeBy(
  tool: Tool,
  resources: readonly ToolResource[] | undefined,
  asker: Asker,
  policies: readonly PermissionRules[],
): Verdict {
  let verdict: Verdict = tool.approval === 'ask' ? { decision: 'ask' } : ALLOW
  for (const { mode = 'standard', rules = [] } of policies) {
    verdict = stricter(verdict, byMode(mode, tool))
    for (const rule of rules) if (applies(rule, tool, resources, asker)) verdict = stricter(verdict, rule)
  }
  return settleAsk(verdict, asker, policies)
}

function byMode(mode: PermissionMode, { effect }: Tool): Verdict {
  if (mode === 'readonly' && effect !== 'read') return READ_ONLY
  return effect === 'destructive' && mode !== 'trusted' ? ASK : ALLOW
}

const READ_ONLY: Verdict = Object.freeze({ decision: 'deny', reason: 'only tools that read may be used here' })
const ASK: Verdict = Object.freeze({ decision: 'ask' })

function applies(
  rule: PermissionRule,
  tool: Tool,
  resources: readonly ToolResource[] | undefined,
  asker: Asker,
): boolean {
  const { tools, effects, capabilities } = rule
  if (tools !== undefined && !tools.some((pattern) => matches(pattern, tool.name))) return false
  if (effects !== undefined && !effects.includes(tool.effect)) return false
  if (capabilities !== undefined && !capabilities.some((one) => tool.capabilities.includes(one))) return false
  // What binds an agent binds those that it delegates to: else it could have them do what it may not.
  if (![...(asker.ancestors ?? []), asker.agent].some((agent) => isFor(rule, asker, agent))) return false
  if (rule.resources === undefined) return true
  return (resources ?? []).some(({ kind, value }) =>
    rule.resources!.some((pattern) => matches(pattern, `${kind}:${value}`)),
  )
}

function isFor({ who, unless }: PermissionRule, asker: Asker, agent: string): boolean {
  return (who === undefined || isOf(who, asker, agent)) && (unless === undefined || !isOf(unless, asker, agent))
}

function isOf({ callers, roles, channels, agents, admins }: Audience, asker: Asker, agent: string): boolean {
  const { principal, channel } = asker
  return (
    (admins === true && principal.isAdmin) ||
    (principal.id !== undefined && callers?.includes(principal.id) === true) ||
    roles?.some((role) => principal.roles.includes(role)) === true ||
    (channel !== undefined && channels?.includes(channel) === true) ||
    agents?.includes(agent) === true
  )
}
