import { type Agent, checkAgent, type Delegate, type Logger, type Palette, type RunInfo } from '@executus/core'

import { fillPrompt } from './fill-prompt.ts'
import type { Sight } from './find-named.ts'
import { checkInputs, inputSchemaOf, type InputValues, readInputs } from './skill-inputs.ts'
import type { Skill } from './skill.ts'

interface SkillPaletteOptions {
  readonly find: (name: string, seenBy: Sight) => Promise<Skill | undefined>
  readonly agentOf: (skill: Skill) => Agent
  readonly scopesOf: (info: RunInfo) => readonly string[] | Promise<readonly string[]>
  readonly logger: Logger
}

/** Skills that a run may call: as its caller sees them, who is no admin here. */
export function skillPalette({ find, agentOf, scopesOf, logger }: SkillPaletteOptions): Palette {
  return {
    async resolve(names, info, { signal }) {
      const scopes = await scopesOf(info)
      const seenBy = { ...(info.caller !== undefined && { id: info.caller }), scopes }
      const delegates: Delegate[] = []
      for (const name of new Set(names)) {
        signal.throwIfAborted()
        const skill = await find(name, seenBy)
        if (skill === undefined) continue
        const delegate = delegateOf(name, skill, agentOf, logger)
        if (delegate !== undefined) delegates.push(delegate)
      }
      return delegates
    },
  }
}

function delegateOf(
  name: string,
  skill: Skill,
  agentOf: SkillPaletteOptions['agentOf'],
  logger: Logger,
): Delegate | undefined {
  const { inputs, description } = skill
  try {
    const agent = agentOf(skill)
    checkAgent(agent)
    checkInputs(inputs)
    return {
      kind: 'skill',
      name,
      description,
      agent,
      isFirstParty: false,
      input: {
        spec: { name, description, inputSchema: inputSchemaOf(inputs) },
        parse: (given) => readInputs(inputs, given),
      },
      inputOf: (values) => promptWith(skill, values as InputValues),
    }
  } catch (error) {
    // An older version may have kept what is no skill today.
    logger.warn(`skill ${skill.name} cannot be called`, error)
    return undefined
  }
}

/** @throws Error worded for the model */
function promptWith({ prompt }: Skill, values: InputValues): string {
  const text = fillPrompt(prompt, values)
  if (text.trim() === '') throw new Error('the inputs are blank, and so there is nothing to do')
  return text
}
