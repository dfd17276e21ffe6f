import { createExecutor, fromEnv } from '@executus/core'
import { createPersonas } from '@executus/persona'

// A real host keeps them in a file: `store: await sqlitePersonaStore(path)` of `@executus/store-sqlite`.
const personas = createPersonas()

const ann = { id: 'ann', roles: [], isAdmin: false }
const cook = await personas.create(
  { name: 'cook', agent: { description: 'Knows what to cook.', instructions: 'You cook with what is in season.' } },
  { as: ann },
)
console.log(`${cook.name} is ${cook.visibility}, at version ${cook.version}`)

const executor = createExecutor({ ...fromEnv(), palette: personas.palette() })
const butler = { name: 'butler', instructions: 'Ask the cook about dinner.', palette: ['cook'] }
for (const caller of ['ann', 'bob']) {
  const result = await executor.run(butler, 'What is for dinner?', { caller })
  console.log(`${caller} hears: ${result.output}`)
}
