import { expect, test } from 'vitest'

import { toolHost } from './tool-host.test-kit.ts'

const ann = { id: 'web:ann', roles: [], isAdmin: false }
const skill = {
  name: 'translate',
  description: 'Translates.',
  prompt: 'Into {{language}}: {{text}}',
  inputs: [{ name: 'text' }, { name: 'language', type: 'enum', choices: ['German', 'Norwegian'] }],
}

test('a skill is saved for whom the run is, after a yes to what it says', async () => {
  const { call, skills, asked } = await toolHost()
  expect(await call('save_skill', skill)).toEqual({
    isError: false,
    text: 'The skill translate is saved, for its owner alone. It takes text, language.',
  })
  expect(asked).toMatchObject([
    {
      tool: 'save_skill',
      resources: [
        { kind: 'skill', value: 'translate' },
        { kind: 'description', value: 'Translates.' },
        { kind: 'prompt', value: 'Into {{language}}: {{text}}' },
      ],
    },
  ])
  const saved = await skills.find('translate', { as: ann })
  expect(saved).toMatchObject({ owner: 'web:ann', visibility: 'private' })
  expect(skills.promptOf(saved!, { text: 'tea', language: 'German' })).toBe('Into German: tea')
})

test('a skill is not saved after a no, for nobody, or when its prompt names what it does not take', async () => {
  const host = await toolHost()
  expect(await host.call('save_skill', skill, {})).toMatchObject({ isError: true })
  expect(await host.call('save_skill', { ...skill, inputs: [] })).toMatchObject({ isError: true })
  host.say = { isApproved: false, note: 'not now' }
  expect(await host.call('save_skill', skill)).toEqual({
    isError: true,
    text: 'save_skill was not called: it was declined: not now.',
  })
  expect(await host.skills.list({}, { as: { ...ann, isAdmin: true } })).toEqual({ skills: [] })
})

test('a second attempt at a call gives what the first has saved, and another call of that name fails', async () => {
  const { all, call } = await toolHost()
  const tool = all.tools.find(({ name }) => name === 'save_skill')!
  const input = { ...skill, inputs: [], prompt: 'Hello' }
  const attempt = async (number: number, key: string) => {
    const context = { caller: 'web:ann', idempotencyKey: key, attempt: number }
    return tool.run(input, context as never)
  }
  const said = await attempt(1, 'r/tool:a')
  expect(await attempt(2, 'r/tool:a')).toBe(said)
  await expect(attempt(1, 'r/tool:a')).rejects.toMatchObject({ code: 'exists' })
  expect(await call('save_skill', input)).toMatchObject({ isError: true })
})
