import { didYouMean } from '@executus/llm'

import { checkPort, checkText } from '../check-option.ts'
import type { Tool } from './tool.ts'
import { createToolbox, type Toolbox } from './toolbox.ts'

/** The tools of an executor. */
export interface ToolRegistry {
  readonly names: readonly string[]
  /** @throws RangeError when there is none of that name; `option` is who asks */
  get(name: string, option: string): Tool
  /**
   * The toolbox of these tools, of the registry, and of a run's own.
   *
   * @throws RangeError when two share a name
   */
  toolbox(tools: readonly Tool[], ownTools: readonly Tool[]): Toolbox
}

/** @throws TypeError when a tool was not made by `defineTool`, RangeError when two share a name */
export function createRegistry(tools: readonly Tool[]): ToolRegistry {
  const byName = toolsByName(tools, 'tools')
  const names = [...byName.keys()]
  const toolboxes = new Map<string, Toolbox>()

  return {
    names,
    get(name, option) {
      const tool = byName.get(name)
      if (tool !== undefined) return tool
      throw new RangeError(
        `Expected \`${option}\` to name tools of this executor, got \`${name}\`.${didYouMean(name, names)}`,
      )
    },
    toolbox(wanted, ownTools) {
      if (ownTools.length > 0)
        return createToolbox(toolsByName([...new Set(wanted), ...ownTools], 'invocation.extraTools'))
      // Runs with the same tools share a toolbox: most runs of a host are of a few agents.
      const key = wanted.map(({ name }) => name).join(' ')
      let toolbox = toolboxes.get(key)
      if (toolbox === undefined) {
        toolbox = createToolbox(toolsByName([...new Set(wanted)], 'agent.tools'))
        toolboxes.set(key, toolbox)
      }
      return toolbox
    },
  }
}

/** @throws TypeError when a tool is none, RangeError when two share a name, also in another case */
export function toolsByName(tools: readonly Tool[], option: string): ReadonlyMap<string, Tool> {
  const byName = new Map<string, Tool>()
  const lowerCased = new Set<string>()
  for (const [index, tool] of tools.entries()) {
    checkPort(`${option}[${index}]`, tool, ['parse', 'run'])
    checkText(`${option}[${index}].name`, tool.name)
    // Names that differ only in case are one name to a model.
    const lower = tool.name.toLowerCase()
    if (lowerCased.has(lower))
      throw new RangeError(`Expected \`${option}\` to have unique names, got \`${tool.name}\` twice`)
    lowerCased.add(lower)
    byName.set(tool.name, tool)
  }
  return byName
}
