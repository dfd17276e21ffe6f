import type { Artifact } from '../artifact.ts'
import { checkObject, expected } from '../check-option.ts'
import { delegateTool, delegateToolName } from '../delegation/delegate-tool.ts'
import { userMessageOf } from '../input.ts'
import { judgeTool } from '../permission/judge.ts'
import type { Asker } from '../permission/policy.ts'
import type { Session, SessionToolFactory, SessionTools } from '../ports/session-tools.ts'
import type { RunResult } from '../result.ts'
import { toolsByName } from '../tool/registry.ts'
import type { Tool } from '../tool/tool.ts'
import type { Toolbox } from '../tool/toolbox.ts'
import { answerTool } from './answer-tool.ts'
import { askPort, tellPort } from './ask-port.ts'
import { policiesOf } from './judge-calls.ts'
import type { OpenPhase, Run } from './run.ts'
import { whoOf } from './who-of.ts'

/**
 * Decides which tools this very run has, phase by phase: the executor's that its agent names, delegates from its palette,
 * the invocation's own, and those that are made for it. What may not be used is left out: for the model it does not exist.
 */
export async function buildToolboxes(run: Run): Promise<void> {
  run.asker = await askerOf(run)
  const own = [...(await delegateTools(run)), ...(run.invocation.extraTools ?? []), ...(await sessionTools(run))]
  const mayUse = (tool: Tool) => judgeTool(tool, run.asker!, policiesOf(run)).decision !== 'deny'
  const ownTools = own.filter(mayUse)
  const { output } = run.invocation
  // Names that clash must not depend on who is asking.
  toolsByName(
    [...namedTools(run), ...own, ...(output === undefined ? [] : [answerTool(output)])],
    'the tools of the run',
  )
  run.toolboxes = run.phases.map((phase, index) => {
    const named = phase.tools.map((name) => run.config.registry.get(name, 'agent.tools'))
    const granted = named.filter((tool) => isGranted(run, tool)).filter(mayUse)
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

/** Whether the runs above this one leave it the tool. */
function isGranted({ info: { grant } }: Run, { name }: Tool): boolean {
  return grant === undefined || grant.includes(name)
}

function namedTools(run: Run): readonly Tool[] {
  const names = new Set(run.phases.flatMap(({ tools }) => tools))
  return [...names].map((name) => run.config.registry.get(name, 'agent.tools'))
}

async function askerOf(run: Run): Promise<Asker> {
  const { channel, agent, ancestors, isFirstParty } = run.info
  const { identity, approvals } = run.config
  const principal = await askPort(run, 'The identity', () => identity.principalOf(whoOf(run.info)))
  if (!Array.isArray((principal as { readonly roles?: unknown } | undefined)?.roles))
    throw new TypeError('Expected the identity to give a principal with `roles`')
  return {
    runId: run.id,
    agent: agent.name,
    ...(ancestors.length > 0 && { ancestors }),
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
  const factories = [run.config.sessionTools, run.invocation.sessionTools].filter((one) => one !== undefined)
  if (factories.length === 0) return NO_TOOLS
  const made: SessionTools[] = []
  const tools: Tool[] = []
  run.session = {
    tools,
    postRun: async (result) => {
      const all: Artifact[][] = []
      for (const one of made) all.push((await tellPort(run, 'postRun', () => artifactsOf(one, result))) ?? [])
      return all.flat()
    },
    cleanup: async () => {
      for (const one of made) await tellPort(run, 'cleanup', () => one.cleanup?.())
    },
  }
  for (const factory of factories) {
    const one = await openSession(run, factory)
    checkObject('sessionTools()', one)
    made.push(one)
    if (!Array.isArray(one.tools)) throw expected('sessionTools().tools', 'a list of tools', one.tools)
    tools.push(...(one.tools as readonly Tool[]).filter((tool) => isGranted(run, tool)))
  }
  return tools
}

const NO_TOOLS: readonly Tool[] = []

async function artifactsOf(tools: SessionTools, result: RunResult): Promise<Artifact[]> {
  const artifacts: unknown = (await tools.postRun?.(result)) ?? []
  if (!Array.isArray(artifacts)) throw expected('postRun()', 'a list of artifacts', artifacts)
  return [...(artifacts as readonly Artifact[])]
}

async function openSession(run: Run, factory: SessionToolFactory): Promise<SessionTools> {
  const session: Session = {
    info: run.info,
    signal: run.stop.signal,
    attachImages(images, text) {
      const content = [...(text === undefined ? [] : [{ type: 'text' as const, text }]), ...images]
      void run.mailbox.post(userMessageOf(content, 'attachImages'))
    },
  }
  return askPort(
    run,
    'The session tools',
    async () => factory(session),
    (late) => tellPort(run, 'cleanup', () => late.cleanup?.()),
  )
}
