// A host's 200 tools cost the type checker no more per tool than its first 20: each tool's types come from its own schema.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { verdict } from './verdict.mjs'
import { root } from './workspace.mjs'

// Counts, not times: they are the same on every machine and at every hour.
const COUNTS = ['Types', 'Instantiations']
const FEW = 20
const MANY = 200
// Shared types are made for the first tools, so later ones come out a little cheaper; dearer ones know of each other.
const MOST_GROWTH = 1.05

const PROJECT = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noEmit: true,
    noUnusedLocals: false,
  },
  files: ['host.ts'],
}

// In the package, where imports are found as in its own examples.
const folder = join(root, 'packages', 'core', '.tool-types')
const problems = []
try {
  const [none, few, many] = [0, FEW, MANY].map(countsOf)
  for (const count of COUNTS) {
    const atFirst = (few[count] - none[count]) / FEW
    const later = (many[count] - few[count]) / (MANY - FEW)
    if (!(later <= atFirst * MOST_GROWTH))
      problems.push(
        `${count} per tool grow from ${Math.round(atFirst)} (of ${FEW}) to ${Math.round(later)} (of ${MANY})`,
      )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
verdict('tool-types', problems, `${MANY} tools cost as much per tool as ${FEW}`)

/** What the checker counts over a program of this many tools, one executor and one run. */
function countsOf(tools) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'host.ts'), hostWith(tools))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(PROJECT))
  const { stdout, status } = spawnSync('tsc', ['-p', folder, '--extendedDiagnostics', '--singleThreaded'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`A host of ${tools} tools does not type-check:\n${stdout}`)
  return Object.fromEntries(
    COUNTS.map((count) => [count, Number(new RegExp(`^${count}:\\s+(\\d+)`, 'm').exec(stdout)?.[1])]),
  )
}

function hostWith(tools) {
  const numbers = Array.from({ length: tools }, (_, index) => index)
  return `import { createExecutor, defineTool } from '@executus/core'
import { z } from 'zod'

${numbers.map(toolText).join('\n')}
export const executor = createExecutor({ tools: [${numbers.map((number) => `tool${number}`).join(', ')}] })
export const result = executor.run({ name: 'host', tools: ['tool_0'] }, 'go')
`
}

function toolText(number) {
  return `const tool${number} = defineTool({
  name: 'tool_${number}',
  description: 'Tool ${number}.',
  input: z.object({ id${number}: z.string(), limit: z.number().optional(), tags: z.array(z.object({ t${number}: z.boolean() })) }),
  run: ({ id${number}, limit = 0, tags }) => id${number} + limit + tags.filter(({ t${number} }) => t${number}).length,
})`
}
