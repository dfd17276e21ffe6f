import { createExecutor, fromEnv } from '@executus/core'
import { createSkills, skillFolder } from '@executus/skill'

// A folder of Agent Skills. These came with the program; of a stranger's, somebody looks at each and keeps its digest.
const folder = await skillFolder(`${import.meta.dirname}/skills`, { trust: () => true })
for (const { name, isTrusted, files } of folder.list()) console.log(name, { isTrusted, files: files.length })

// A skill that ann has saved. A real host keeps them in a file: with `sqliteSkillStore` of `@executus/store-sqlite`.
const skills = createSkills()
await skills.create(
  {
    name: 'translate',
    description: 'Translates a text.',
    inputs: [
      { name: 'text', type: 'string' },
      { name: 'language', type: 'enum', choices: ['German', 'Norwegian'] },
    ],
    prompt: 'Translate into {{language}}:\n\n{{text}}',
  },
  { as: { id: 'ann', roles: [], isAdmin: false } },
)

const executor = createExecutor({ ...fromEnv(), palette: skills.palette(), sessionTools: folder.sessionTools })
const run = executor.start({ name: 'clerk', palette: ['translate'] }, 'Minutes, please: tea. In German.', {
  caller: 'ann',
})
run.on('tool-call-start', ({ tool, argumentsText }) => console.log(tool, argumentsText))
console.log((await run.result).output)
