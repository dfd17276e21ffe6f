import type { Skill } from '@executus/skill'
import { skillStoreConformance } from '@executus/skill/testing'
import { expect, test } from 'vitest'

import { openSqlite } from '../open-sqlite.ts'
import { openOwnedStores } from '../persona/owned-stores.test-kit.ts'
import { sqlitePersonaStore } from '../sqlite-persona-store.ts'
import { sqliteSkillStore } from '../sqlite-skill-store.ts'
import { tempFile } from '../temp-folder.test-kit.ts'

for (const { name, skip, run } of skillStoreConformance(() => openOwnedStores(sqliteSkillStore, 'skills')))
  test(name, { skip: skip !== undefined }, run)

const skill: Skill = {
  id: 'a',
  name: 'a',
  owner: 'ann',
  visibility: 'private',
  description: 'Looks.',
  inputs: [{ name: 'city', type: 'string' }],
  prompt: 'Look at {{city}}.',
  agent: {},
  version: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
}

test('skills are there when the file is opened again', async () => {
  const path = tempFile()
  const first = await sqliteSkillStore(path)
  await first.create(skill, { maxOfOwner: 9 })
  await first.close()
  const second = await sqliteSkillStore(path)
  expect(await second.list({ limit: 9, text: 'LOOKS' })).toEqual({ found: [skill], damaged: [] })
  await second.close()
})

test('skills and personas lie in one file, each in their own table', async () => {
  const db = await openSqlite(tempFile())
  const [skills, personas] = [await sqliteSkillStore(db), await sqlitePersonaStore(db)]
  await skills.create(skill, { maxOfOwner: 9 })
  const { description: _, inputs: __, prompt: ___, ...persona } = skill
  expect(await personas.create(persona, { maxOfOwner: 1 })).toBe('created')
  expect(await personas.remove('a')).toBe(true)
  expect(await skills.find('a')).toEqual(skill)
  await db.close()
})
