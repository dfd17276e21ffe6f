import { defineTool, type Schema, type Tool } from '@executus/core'

import { type InputValues, inputSchemaOf, readInputs, type SkillInput } from '../skill-inputs.ts'
import type { LoadedSkill } from './load-skills.ts'
import { readSkillFile } from './read-skill-file.ts'
import { contentOf } from './skill-content.ts'

export interface FolderToolsOptions {
  readonly maxReadBytes: number
  /** Stands in the description of `activate_skill`. */
  readonly catalogue: string
}

/** The tools of one run: `activate_skill` and `read_skill_file`; none when there are no skills. */
export function folderTools(skills: readonly LoadedSkill[], options: FolderToolsOptions): readonly Tool[] {
  if (skills.length === 0) return []
  const byName = new Map(skills.map((skill) => [skill.name, skill]))
  return [activateTool(byName, options.catalogue), readTool(byName, options.maxReadBytes)]
}

type Skills = ReadonlyMap<string, LoadedSkill>

function activateTool(skills: Skills, catalogue: string): Tool {
  const active = new Set<string>()
  const description = 'Gives the instructions of a skill, to be followed from then on.'
  return defineTool({
    name: 'activate_skill',
    description: catalogue === '' ? description : `${description}\n\n${catalogue}`,
    effect: 'read',
    capabilities: ['fs.read'],
    input: schemaOf([
      { name: 'name', type: 'enum', choices: [...skills.keys()], description: 'The skill.' },
      {
        name: 'again',
        type: 'boolean',
        default: false,
        description: 'Whether its instructions, given before, are needed once more as they cannot be seen any longer.',
      },
    ]),
    resources: (input) => [{ kind: 'skill', value: textIn(input, 'name') }],
    run(input) {
      const name = textIn(input, 'name')
      if (active.has(name) && input.get('again') !== true)
        return `The skill ${name} is active already; its instructions were given above.`
      active.add(name)
      return contentOf(skills.get(name)!)
    },
  })
}

function readTool(skills: Skills, maxBytes: number): Tool {
  return defineTool({
    name: 'read_skill_file',
    description: 'Reads a text file that belongs to a skill.',
    effect: 'read',
    capabilities: ['fs.read'],
    input: schemaOf([
      { name: 'skill', type: 'enum', choices: [...skills.keys()], description: 'The skill.' },
      { name: 'path', type: 'string', minLength: 1, maxLength: 1_000, description: 'The file, relative to the skill.' },
    ]),
    resources: (input) => [{ kind: 'skill', value: `${textIn(input, 'skill')}/${textIn(input, 'path')}` }],
    run: (input) => readSkillFile(skills.get(textIn(input, 'skill'))!, textIn(input, 'path'), maxBytes),
  })
}

function textIn(values: InputValues, name: string): string {
  return String(values.get(name))
}

/** Inputs as a schema: this package needs no schema library, and a host that does not either loads none. */
function schemaOf(inputs: readonly SkillInput[]): Schema<unknown, InputValues> {
  const json = () => inputSchemaOf(inputs)
  return {
    '~standard': {
      version: 1,
      vendor: 'executus',
      validate(given) {
        const read = readInputs(inputs, given)
        return read.ok ? { value: read.value } : { issues: [{ message: read.problem }] }
      },
      jsonSchema: { input: json, output: json },
    },
  }
}
