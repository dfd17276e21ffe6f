import { scriptedModel, type ScriptTurn } from '@executus/core/testing'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'

import { inShort, testBot, type TestBot } from './test-bot.test-kit.ts'

const make = (name: string, more: object = {}): ScriptTurn => ({
  calls: [
    {
      name: 'create_agent',
      input: { name, description: 'Knows ferns.', instructions: 'You are a gardener.', ...more },
    },
  ],
})
const made: ScriptTurn = { text: 'Made.' }
const whoIsIt: ScriptTurn = ({ system, tools }) => ({
  text: `${system?.includes('You are a gardener.') ? 'gardener' : 'another'} with ${(tools ?? [])
    .map(({ name }) => name)
    .toSorted()
    .join(', ')}`,
})

async function makeAgent(bot: TestBot, place = 'room', by = 'ann'): Promise<void> {
  await bot.say('Make a gardener', { place, by })
  await bot.answers(1, place)
}

test('an agent that a person made by chat answers them after /agent, with its own tools alone', async () => {
  const model = scriptedModel([make('gardener', { tools: ['list_notes'] }), made, whoIsIt])
  const bot = await testBot({ model })
  await makeAgent(bot)

  expect(await bot.command('/agents')).toContain('- **gardener** (made by somebody): Knows ferns.')
  expect(await bot.command('/agent gardener')).toBe('**gardener** answers from now on.')
  await bot.say('Who are you?')
  const [, answer] = await bot.answers(2)

  expect(answer).toMatchObject({ agent: 'gardener', text: expect.stringContaining('gardener with') as string })
  expect(answer?.text).not.toMatch(/delete_note|create_agent|web_fetch|agent__|cancel_schedule.*save_note/)
  await bot.close({ graceMs: 0 })
})

test('what one person made is not there for another', async () => {
  const bot = await testBot({ model: scriptedModel([make('gardener'), made]) })
  await makeAgent(bot)

  expect(await bot.command('/agents', { by: 'bob' })).not.toContain('gardener')
  expect(await bot.command('/agent gardener', { by: 'bob' })).toBe(
    'There is no agent `gardener`. `/agents` lists them.',
  )
  expect((await bot.bot.agents({ id: 'test:bob', name: 'Bob' })).map(({ name }) => name)).toEqual([
    'assistant',
    'researcher',
  ])
  await bot.close({ graceMs: 0 })
})

test('where a person had their own agent answer, another person is told plainly, and may choose', async () => {
  const model = scriptedModel([make('gardener'), made, { text: 'Hi, Bob.' }])
  const bot = await testBot({ model })
  await makeAgent(bot)
  await bot.command('/agent gardener')
  await bot.say('Hello', { by: 'bob' })
  const [, refused] = await bot.answers(2)
  expect(refused).toMatchObject({ outcome: 'failed', problem: expect.stringMatching(/^There is no agent/) as string })

  await bot.command('/agent assistant', { by: 'bob' })
  await bot.say('Hello again', { by: 'bob' })
  expect((await bot.answers(3))[2]?.text).toBe('Hi, Bob.')
  await bot.close({ graceMs: 0 })
})

test('an agent that is not there any more ends plainly', async () => {
  const first = await testBot({ model: scriptedModel([make('gardener'), made]) })
  await makeAgent(first)
  await first.command('/agent gardener')
  await first.close({ graceMs: 0 })
  const db = new Database(`${first.folder}/executus.db`)
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%persona%'`)
    .pluck()
    .all()
  for (const table of tables) db.exec(`DELETE FROM "${String(table)}"`)
  db.close()

  const bot = await testBot({ model: scriptedModel([]), folder: first.folder })
  await bot.say('Hello')
  const [, answer] = await bot.answers(2)
  expect(answer).toMatchObject({ outcome: 'failed', problem: 'There is no agent gardener any more.' })
  await bot.close({ graceMs: 0 })
})

test('a switch is shown in the conversation, and tells those who watch', async () => {
  const bot = await testBot({ model: scriptedModel([]) })
  const conversation = bot.bot.conversationAt({ channel: 'test', place: 'room' })
  const agents: string[] = []
  bot.bot.watch(conversation.id, (event) => {
    if (event.type === 'conversation') agents.push(event.conversation.agent)
  })

  expect(await bot.command('/agent researcher')).toBe('**researcher** answers from now on.')
  expect(await bot.command('/agent researcher')).toBe('**researcher** answers here already.')

  expect(agents).toEqual(['researcher'])
  expect(inShort(bot.entries())).toEqual(['! **researcher** answers from now on.'])
  await bot.close({ graceMs: 0 })
})

test('an owner is offered what is theirs, and not what others have made for themselves', async () => {
  const bot = await testBot({ model: scriptedModel([make('gardener'), made, { text: 'Hi.' }]) })
  await makeAgent(bot, 'elsewhere')

  expect(await bot.command('/agents', { by: 'owner' })).not.toContain('gardener')
  await bot.say('Hello', { by: 'owner' })
  await bot.answers(1)

  expect(bot.lines).toEqual([])
  await bot.close({ graceMs: 0 })
})

test('nothing that a person makes passes for an agent that comes with the bot', async () => {
  const bot = await testBot({ model: scriptedModel([make('Researcher'), made]) })
  await makeAgent(bot)

  expect(await bot.command('/agents')).not.toContain('Researcher')
  expect(await bot.command('/agent RESEARCHER')).toBe('**researcher** answers from now on.')
  await bot.close({ graceMs: 0 })
})
