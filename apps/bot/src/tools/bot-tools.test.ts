import { expect, test } from 'vitest'

import { builtInAgents } from '../agents/built-in-agents.ts'
import { BOT_TOOL_NAMES } from './bot-tools.ts'
import { SCHEDULE_TOOL_NAMES } from './schedule/schedule-tools.ts'
import { toolHost } from './tool-host.test-kit.ts'

test('the names that a config may use are those of the tools that there are', async () => {
  const { all } = await toolHost()
  const names = [...all.tools.map(({ name }) => name), ...SCHEDULE_TOOL_NAMES]
  expect(BOT_TOOL_NAMES).toEqual(names)
  expect(new Set(names).size).toBe(names.length)
})

test('the agents that come with the bot name tools of the bot', () => {
  for (const { tools = [] } of builtInAgents) expect(BOT_TOOL_NAMES).toEqual(expect.arrayContaining([...tools]))
  expect(builtInAgents.map(({ name }) => name)).toEqual(['assistant', 'researcher'])
})

test('what deletes, schedules or saves a skill asks, and nothing else does', async () => {
  const { call, asked } = await toolHost()
  const inputs = {
    current_time: {},
    save_note: { text: 'x' },
    list_agents: {},
    create_agent: { name: 'gardener', description: 'Knows roses.' },
    list_schedules: {},
    delete_note: { id: 9, text: 'x' },
    create_schedule: { task: 'x', cron: '0 8 * * *' },
    save_skill: { name: 'x', description: 'x', prompt: 'x' },
  }
  for (const [name, input] of Object.entries(inputs)) expect(await call(name, input)).toMatchObject({ isError: false })
  expect(asked.map(({ tool }) => tool)).toEqual(['delete_note', 'create_schedule', 'save_skill'])
})

test('times are told in the zone of the bot', async () => {
  const { call } = await toolHost()
  expect((await call('current_time', {})).text).toBe('2026-01-06T13:00:00+01:00, a Tuesday in Europe/Oslo')
})

test('pages of this machine are not read', async () => {
  const { call } = await toolHost()
  expect(await call('web_fetch', { url: 'http://127.0.0.1:80/' })).toMatchObject({ isError: true })
})
