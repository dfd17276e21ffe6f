import { join } from 'node:path'

import { skillFolder } from '@executus/skill'
import { expect, test } from 'vitest'

import { BOT_TOOL_NAMES } from '../tools/bot-tools.ts'
import { isShipped, SHIPPED_SKILLS } from './shipped-skills.ts'

test('the skills that come with the bot are as the standard has it, and name tools that there are', async () => {
  const folder = await skillFolder(SHIPPED_SKILLS, { trust: () => true })
  expect(folder.diagnostics()).toEqual([])
  expect(folder.list().map(({ name }) => name)).toEqual(['plan-my-day', 'weekly-review'])
  for (const { name } of folder.list()) {
    const tools = (folder.contentOf(name) ?? '').match(/`[a-z]+_[a-z_]+`/g) ?? []
    expect(tools.length).toBeGreaterThan(2)
    for (const tool of tools) expect(BOT_TOOL_NAMES).toContain(tool.slice(1, -1))
  }
})

test('a skill of a folder whose name begins as theirs does not come with the bot, and is not trusted for it', () => {
  const [ours, others] = [SHIPPED_SKILLS, `${SHIPPED_SKILLS}-of-others`].map((folder) => join(folder, 'plan-my-day'))
  expect([ours, others].map((folder) => isShipped({ folder: folder! }))).toEqual([true, false])
})
