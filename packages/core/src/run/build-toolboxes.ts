import type { Artifact } from '../artifact.ts'
import { delegateTool, delegateToolName } from '../delegation/delegate-tool.ts'
import { judgeTool } from '../permission/judge.ts'
import type { Asker } from '../permission/policy.ts'
import type { Session, SessionToolFactory, SessionTools } from '../ports/session-tools.ts'
import { toolsByName } from '../tool/registry.ts'
import type { Tool } from '../tool/tool.ts'
import type { Toolbox } from '../tool/toolbox.ts'
import { answerTool } from './answer-tool.ts'
import { askPort, tellPort } from './ask-port.ts'
import { policiesOf } from './judge-calls.ts'
import type { OpenPhase, Run } from './run.ts'

/**
 * Decides which tools this very run has, phase by phase: the executor's that its agent names, delegates from its palette,
 * the invocation's own, and those that are made for it. What may not be used is left out: for the model it does not exist.
 */
export async function buildToolboxes(run: Run): Promise<void> {
  run.asker = await askerOf(run)
  const own = [...(await delegateTools(run)), ...(run.invocation.extraTools ?? []), ...(await sessionTools(run))]
  const mayUse = (tool: Tool) => judgeTool(tool, run.asker!, policiesOf(run)).decision !== 'deny'
  const ownTools = own.filter(mayUse)
  // Names that clash must not depend on who is asking.
  toolsByName([...namedTools(run), ...own], 'the tools of the run')
  run.toolboxes = run.phases.map((phase, index) => {
    const named = phase.tools.map((name) => run.config.registry.get(name, 'agent.tools'))
    const granted = named.filter((tool) => run.info.grant?.includes(tool.name) !== false).filter(mayUse)
    for (const tool of named)
      if (!granted.includes(tool) && tool.approval !== undefined && !run.asker!.canAsk)
        run.logger.warn(`${tool.name} is left out of run ${run.id}: it must be asked for, and nobody can be asked`)
    return toolboxOf(run, phase, index, granted, ownTools)
  })
}

function toolboxOf(run: Run, phase: OpenPhase, index: number, granted: readonly Tool[], own: readonly Tool[]): Toolbox {
  const { output } = run.invocation
  const needsAnswer = output !== undefined && index === run.phases.length - 1 && phase.model.hasNativeOutput !== true
  const toolbox = run.config.registry.toolbox(granted, own)
  return needsAnswer ? withAnswer(toolbox, answerTool(output)) : toolbox
}

/** The model is shown it as long as an answer is wanted, apart from the other tools. */
function withAnswer(toolbox: Toolbox, answer: Tool): Toolbox {
  return { ...toolbox, find: (name) => (name === answer.name ? answer : toolbox.find(name)) }
}

function namedTools(run: Run): readonly Tool[] {
  const names = new Set(run.phases.flatMap(({ tools }) => tools))
  return [...names].map((name) => run.config.registry.get(name, 'agent.tools'))
}

async function askerOf(run: Run): Promise<Asker> {
  const { caller, channel, guild, agent, isFirstParty } = run.info
  const { identity, approvals } = run.config
  const who = { ...(caller && { caller }), ...(channel && { channel }), ...(guild && { guild }) }
  const principal = await askPort(run, 'The identity', () => identity.principalOf(who))
  if (!Array.isArray((principal as { readonly roles?: unknown } | undefined)?.roles))
    throw new TypeError('Expected the identity to give a principal with `roles`')
  return {
    runId: run.id,
    agent: agent.name,
    ...(channel !== undefined && { channel }),
    principal,
    isFirstParty,
    canAsk: approvals !== undefined,
  }
}

/** An agent that is above this one cannot be delegated to, nor can any from the deepest level. */
async function delegateTools(run: Run): Promise<readonly Tool[]> {
  const { agent, ancestors } = run.info
  const { palette } = run.config
  const names = agent.palette ?? []
  if (palette === undefined || names.length === 0 || ancestors.length >= run.limits.maxDepth) return []
  const { signal } = run.stop
  const found = await askPort(run, 'The palette', () => palette.resolve(names, run.info, { signal }))
  for (const name of names)
    if (!found.some((one) => one.name === name || delegateToolName(one) === name))
      run.logger.warn(`run ${run.id} of ${agent.name} names ${name} in its palette, which nobody knows`)
  const above = new Set([...ancestors, agent.name])
  return found.filter((one) => !above.has(one.agent.name)).map(delegateTool)
}

/** The executor's session tools, then the invocation's; `run.session` lets go of both. */
async function sessionTools(run: Run): Promise<readonly Tool[]> {
  const made: SessionTools[] = []
  run.session = {
    tools: [],
    postRun: async (result) => {
      const all: Artifact[] = []
      for (const { postRun } of made)
        if (postRun !== undefined) all.push(...((await tellPort(run, 'postRun', () => postRun(result))) ?? []))
      return all
    },
    cleanup: async () => {
      for (const { cleanup } of made) if (cleanup !== undefined) await tellPort(run, 'cleanup', () => cleanup())
    },
  }
  for (const factory of [run.config.sessionTools, run.invocation.sessionTools])
    if (factory !== undefined) made.push(await openSession(run, factory))
  return made.flatMap(({ tools }) => tools)
}

/** Tools that come after the run has stopped are let go of: nobody else would. */
async function openSession(run: Run, factory: SessionToolFactory): Promise<SessionTools> {
  const session: Session = {
    info: run.info,
    signal: run.stop.signal,
    attachImages(images, text) {
      const content = [...(text === undefined ? [] : [{ type: 'text' as const, text }]), ...images]
      void run.mailbox.post({ role: 'user', content })
    },
  }
  return askPort(run, 'The session tools', async () => {
    const tools = await factory(session)
    if (run.stop.cause !== undefined) await tools.cleanup?.()
    return tools
  })
}
