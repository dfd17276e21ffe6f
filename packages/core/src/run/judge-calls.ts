import type { JsonObject, ToolCallPart, ToolResultPart } from '@executus/llm'

import { type Decision, isDecision, stricter, type Verdict } from '../permission/decision.ts'
import { judgeCall, settleAsk } from '../permission/judge.ts'
import type { CallToJudge, Permissions, PermissionRules } from '../permission/policy.ts'
import { isPromiseLike } from '../promise-like.ts'
import { describeThrown } from '../tool/describe-thrown.ts'
import { freezeDeep } from '../tool/freeze-deep.ts'
import { parseArguments } from '../tool/parse-arguments.ts'
import type { Tool, ToolResource } from '../tool/tool.ts'
import { type Run, toolboxOf } from './run.ts'
import { errorResult } from './tool-result.ts'

/** A call that may be made, or that a person must allow: with the very input that the tool will get. */
export interface JudgedCall {
  readonly call: ToolCallPart
  readonly tool: Tool
  readonly input: unknown
  readonly resources: readonly ToolResource[]
  readonly verdict: Verdict
}

/** A call that will not be made, with what the model reads instead. */
export interface RefusedCall {
  readonly call: ToolCallPart
  readonly result: ToolResultPart
}

/** Parses, validates and judges calls, one independent of the other. */
export function judgeCalls(run: Run, calls: readonly ToolCallPart[]): Promise<readonly (JudgedCall | RefusedCall)[]> {
  return Promise.all(calls.map((call) => judge(run, call)))
}

async function judge(run: Run, call: ToolCallPart): Promise<JudgedCall | RefusedCall> {
  const refuse = (text: string): RefusedCall => ({ call, result: errorResult(call, text) })
  const toolbox = toolboxOf(run)
  const tool = toolbox.find(call.name)
  if (tool === undefined) return refuse(toolbox.explainUnknown(call.name))
  const parsed = parseArguments(call.argumentsText)
  if (!parsed.ok) return refuse(`${tool.name} was not called: ${parsed.problem}.`)
  try {
    const checked = await inTime(run, tool, () => tool.parse(parsed.value))
    if (!checked.ok) return refuse(`${tool.name} was not called: ${checked.problem}.`)
    const input = freezeDeep(checked.value)
    const resources = tool.resources === undefined ? NONE : await inTime(run, tool, () => tool.resources!(input))
    const verdict = await verdictOn(run, { tool, input: input as JsonObject, resources, asker: run.asker! })
    if (verdict.decision === 'deny')
      return refuse(`${tool.name} was not called: ${verdict.reason ?? 'it is not permitted here'}.`)
    return { call, tool, input, resources, verdict }
  } catch (thrown) {
    if (run.stop.cause !== undefined) return refuse(`The run was stopped before ${tool.name} was called.`)
    return refuse(`${tool.name} was not called: ${describeThrown(thrown)}`)
  }
}

const NONE: readonly ToolResource[] = []

/** The policies that bind a run: the executor's, and those that its invocation and the runs above it brought. */
export function policiesOf(run: Run): readonly [Permissions, ...PermissionRules[]] {
  return [run.config.permissions, ...run.info.rules]
}

async function verdictOn(run: Run, subject: CallToJudge): Promise<Verdict> {
  const policies = policiesOf(run)
  const verdict = judgeCall(subject.tool, subject.resources, subject.asker, policies)
  const { permissions } = run.config
  if (permissions.judge === undefined || verdict.decision === 'deny') return verdict
  return settleAsk(stricter(verdict, await askJudge(run, subject, permissions)), subject.asker, policies)
}

/** A judge that fails denies: what it would have said is not known. */
async function askJudge(run: Run, subject: CallToJudge, permissions: Permissions): Promise<Verdict> {
  try {
    const said: Decision | Verdict = await inTime(run, subject.tool, () => permissions.judge!(subject))
    const verdict = typeof said === 'string' ? { decision: said } : said
    if (isDecision((verdict as Verdict | undefined)?.decision)) return verdict
    run.logger.error('the judge of permissions gave no decision', said)
  } catch (error) {
    if (run.stop.cause !== undefined) throw error
    run.logger.error('the judge of permissions failed', error)
  }
  return { decision: 'deny', reason: 'whether it is permitted could not be found out' }
}

/** What a host's own code is asked before a call may take as long as the call itself. */
function inTime<T>(run: Run, tool: Tool, work: () => T | Promise<T>): T | Promise<T> {
  const given = work()
  if (!isPromiseLike(given)) return given
  const answer = Promise.resolve(given)
  const timeoutMs = Math.min(tool.timeoutMs ?? run.limits.toolTimeoutMs, run.limits.toolTimeoutMs)
  if (timeoutMs === Number.POSITIVE_INFINITY) return run.stop.race(answer)
  return run.stop.race(
    new Promise<T>((resolve, reject) => {
      const cancelTimer = run.clock.after(timeoutMs, () =>
        reject(new Error(`checking it took longer than ${timeoutMs} ms`)),
      )
      const stopTimer = run.stop.onStop(cancelTimer)
      answer.then(resolve, reject).finally(() => {
        cancelTimer()
        stopTimer()
      })
    }),
  )
}
