import { type Agent, checkAgent, type Delegate, type Logger } from '@executus/core'

import { fillPrompt } from './fill-prompt.ts'
import { checkInputs, inputSchemaOf, type InputValues, readInputs } from './skill-inputs.ts'
import type { Skill } from './skill.ts'

/** A skill as a run may call it; nothing, when it is no skill any more. */
export function skillDelegate(
  name: string,
  skill: Skill,
  agentOf: (skill: Skill) => Agent,
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
