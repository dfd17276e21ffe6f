import { defineTool, StoreError, type Tool, type ToolContext } from '@executus/core'
import type { Viewer } from '@executus/core/owned'
import type { Skill, SkillInput, Skills } from '@executus/skill'
import { z } from 'zod'

import { callerOf } from './caller-of.ts'

const INPUT = z.object({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,63}$/, 'a letter, then letters, digits and _, at most 64'),
  type: z.enum(['string', 'number', 'integer', 'boolean', 'enum']).default('string'),
  description: z.string().max(1_000).optional(),
  choices: z.array(z.string().min(1)).max(64).optional().describe('What one may choose from, of type enum.'),
  isRequired: z.boolean().default(true),
})

/** The tool `save_skill`: keeps a prompt with places for inputs as a skill of the person who asks. */
export function saveSkillTool(
  skills: Pick<Skills, 'create' | 'get'>,
  principalOf: (context: ToolContext) => Viewer | Promise<Viewer>,
): Tool {
  return defineTool({
    name: 'save_skill',
    description:
      'Saves a prompt as a skill of the person you talk to, to be used again: with {{name}} in the prompt for what is ' +
      'different each time. The person is asked first.',
    effect: 'write',
    approval: 'ask',
    // Its id is the call's key, so a second attempt finds what the first has saved.
    replay: 'idempotent',
    capabilities: ['x:skill.write'],
    input: z.object({
      name: z
        .string()
        .max(64)
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single hyphens between them')
        .describe('Such as `weekly-letter`.'),
      description: z.string().trim().min(1).max(1_000).describe('What it does, and when to use it.'),
      prompt: z.string().trim().min(1).max(32_000).describe('What is to be done, with {{name}} for each input.'),
      inputs: z.array(INPUT).max(16).default([]).describe('What stands for each {{name}} of the prompt.'),
    }),
    resources: ({ name, description, prompt }) => [
      { kind: 'skill', value: name },
      { kind: 'description', value: description },
      { kind: 'prompt', value: prompt },
    ],
    async run({ name, description, prompt, inputs }, context) {
      callerOf(context)
      const as = await principalOf(context)
      const id = context.idempotencyKey
      try {
        return saved(await skills.create({ id, name, description, prompt, inputs: inputs.map(inputOf) }, { as }))
      } catch (error) {
        const isAgain = context.attempt > 1 && StoreError.is(error) && error.code === 'exists'
        const earlier = isAgain ? await skills.get(id, { as }) : undefined
        if (earlier === undefined) throw error
        return saved(earlier)
      }
    },
  })
}

function inputOf({ name, type, description, choices = [], isRequired }: z.infer<typeof INPUT>): SkillInput {
  const common = { name, isRequired, ...(description !== undefined && { description }) }
  return type === 'enum' ? { ...common, type, choices } : { ...common, type }
}

function saved({ name, inputs }: Skill): string {
  const takes = inputs.length === 0 ? 'It takes no inputs.' : `It takes ${inputs.map((one) => one.name).join(', ')}.`
  return `The skill ${name} is saved, for its owner alone. ${takes}`
}
