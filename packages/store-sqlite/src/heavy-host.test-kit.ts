// A host with every battery on one file, as a process of its own: `node heavy-host.test-kit.ts <folder>`. It fires what is
// due, goes on with what was interrupted, and tells on stdout what came of it. In its first life a tool hangs for ever.
import { appendFileSync, existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { createAudit } from '@executus/audit'
import { createBudget } from '@executus/budget'
import { createCheckpoints, recoverRuns } from '@executus/checkpoint'
import { createExecutor, defineTool, joinPalettes, type Message } from '@executus/core'
import { scriptedModel, type ScriptedReply } from '@executus/core/testing'
import { createCritic } from '@executus/critic'
import { createPersonas } from '@executus/persona'
import { agentJob, createSchedule } from '@executus/schedule'
import { createSkills } from '@executus/skill'
import { z } from 'zod'

import { openSqlite } from './open-sqlite.ts'
import { sqliteAuditStore } from './sqlite-audit-store.ts'
import { sqliteBudgetStore } from './sqlite-budget-store.ts'
import { sqliteJournalStore } from './sqlite-journal-store.ts'
import { sqlitePersonaStore } from './sqlite-persona-store.ts'
import { sqliteScheduleStore } from './sqlite-schedule-store.ts'
import { sqliteSkillStore } from './sqlite-skill-store.ts'

const SECRET = 'tulip-4711-canary'
const folder = process.argv[2]!
const isFirstLife = !existsSync(join(folder, 'was-here'))
writeFileSync(join(folder, 'was-here'), '')
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

const db = await openSqlite(join(folder, 'host.db'))
const checkpoints = createCheckpoints(await sqliteJournalStore(db))
const audit = createAudit({ store: await sqliteAuditStore(db), secrets: [SECRET] })
const budget = createBudget({
  store: await sqliteBudgetStore(db),
  limits: [{ window: 'month', tokens: 1_000 }],
  estimateOf: () => ({ tokens: 100 }),
})
const ann = { id: 'ann', roles: [], isAdmin: false }
const skills = createSkills({ store: await sqliteSkillStore(db) })
const personas = createPersonas({ store: await sqlitePersonaStore(db), allow: { tools: ['water', 'weather'] } })
if (isFirstLife) {
  const inputs = [{ name: 'plant', type: 'string', isRequired: true }] as const
  const description = 'When to water a plant.'
  await skills.create(
    { name: 'water-plan', description, inputs, prompt: 'When does {{plant}} want water?' },
    { as: ann },
  )
  const agent = {
    description: 'Cares for plants.',
    instructions: 'You are a gardener.',
    tools: ['water', 'weather'],
    palette: ['water-plan'],
  }
  await personas.create({ name: 'gardener', agent }, { as: ann })
}

const water = defineTool({
  name: 'water',
  description: 'Waters a plant.',
  effect: 'write',
  input: z.object({ plant: z.string() }),
  run: ({ plant }) => {
    appendFileSync(join(folder, 'effects'), `${plant}\n`)
    return `${plant} is watered, says the valve with key ${SECRET}`
  },
})
const weather = defineTool({
  name: 'weather',
  description: 'The weather.',
  effect: 'read',
  input: z.object({}),
  run: () => (isFirstLife ? new Promise(() => {}) : 'rain'),
})

/** Says what follows from the conversation alone, so that it does not matter in which life it is asked. */
function answer(system: string, messages: readonly Message[]): ScriptedReply {
  const usage = { inputTokens: 90, outputTokens: 10 }
  if (!system.includes('gardener')) return { text: 'On Fridays.', usage }
  const results = messages.filter(({ role }) => role === 'tool').length
  if (results === 0) return { calls: [{ name: 'skill__water-plan', input: { plant: 'the fern' }, id: 'plan' }], usage }
  if (results === 1) return { calls: [{ name: 'water', input: { plant: 'fern' }, id: 'fern' }], usage }
  // It never has enough of the weather, and its budget ends it.
  return { calls: [{ name: 'weather', id: `weather-${results}` }], usage }
}

const model = {
  spec: 'scripted/gardener',
  stream: (request: Parameters<ReturnType<typeof scriptedModel>['stream']>[0], options?: object) =>
    scriptedModel([answer(request.system ?? '', request.messages)]).stream(request, options),
}
const critic = createCritic({
  idleMs: 300,
  escalator: {
    decide: ({ cause }) => {
      tell({ nudged: cause.type })
      return { action: 'nudge', text: 'Do not wait for the weather.' }
    },
  },
})
const executor = createExecutor({
  tiers: { fast: model },
  tools: [water, weather],
  limits: { timeoutMs: 60_000, maxSteps: 50, maxRepeatedCalls: 100 },
  palette: joinPalettes(personas.palette(), skills.palette()),
  checkpointer: checkpoints,
  requireDurable: true,
  audit,
  budget,
  onModelCall: budget.onModelCall,
  critic,
})
const agentOf = async (name: string) => {
  const found = await personas.find(name, { as: ann })
  return found && personas.agentOf(found)
}
const schedule = createSchedule({
  store: await sqliteScheduleStore(db),
  run: agentJob(executor, agentOf, { isFirstParty: false }),
})
if (isFirstLife) {
  const payload = { agent: 'gardener', input: 'Care for the fern.' }
  await schedule.add({ id: 'morning', owner: 'ann', trigger: { atMs: Date.now() }, payload })
}

const fired = await schedule.tick()
const { resumed } = await recoverRuns(executor, checkpoints)
await audit.flush()
const [firing] = await schedule.history('morning')
const runId = firing!.id
const record = await audit.find(runId)
const entries = await audit.entries(runId)
const exported = (await Array.fromAsync(audit.exportRun(runId, { below: true }))).join('')
tell({
  fired: fired.length,
  history: (await schedule.history('morning')).map(({ outcome }) => outcome),
  resumed: resumed.map(({ status }) => status),
  outcome: (await checkpoints.find(runId))?.outcome,
  audit: {
    status: record?.status,
    caller: record?.caller,
    segments: record?.segments,
    tools: entries.flatMap((entry) => (entry.type === 'tool-call' ? [entry.tool] : [])),
    isSecretKept: exported.includes(SECRET),
    below: (await audit.list({ parentRunId: runId })).runs.map(({ status }) => status),
  },
  tokens: (await budget.remaining({ caller: 'ann' })).map(({ used, reserved, left }) => ({ used, reserved, left })),
  refused: (await executor.run({ name: 'helper' }, 'Hello?', { caller: 'ann' })).stopReason,
  effects: readFileSync(join(folder, 'effects'), 'utf8'),
})
await executor.shutdown()
for (const battery of [schedule, personas, skills, budget, audit, checkpoints]) await battery.close()
await db.close()
