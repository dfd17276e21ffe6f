import { createBudget } from '@executus/budget'
import { createExecutor, fromEnv } from '@executus/core'

const budget = createBudget({ limits: [{ window: 'day', runs: 2, tokens: 100_000 }] })
const executor = createExecutor({ ...fromEnv(), budget, onModelCall: budget.onModelCall })

const agent = { name: 'helper', instructions: 'Be brief.' }
for (const question of ['What is the capital of Norway?', 'And of Sweden?', 'And of Finland?']) {
  const result = await executor.run(agent, question, { caller: 'ann' })
  console.log(result.status === 'ok' ? result.output : `${result.status}: ${result.error.message}`)
}

for (const { unit, left, limit } of await budget.remaining({ caller: 'ann' }))
  if (unit === 'runs') console.log(`${left} of ${limit} ${unit} are left to Ann`)
