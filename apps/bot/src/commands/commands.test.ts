import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { testBot } from '../bot/test-bot.test-kit.ts'
import { COMMANDS } from './command-list.ts'
import { plain } from './plain.ts'

const HOSTILE = '**x** [y](http://evil) `z` <b> # | ~\n- item'
const hostilePlan: ScriptTurn = {
  calls: [{ name: 'create_schedule', input: { task: HOSTILE, name: 'a`b*c', everyMinutes: 60 } }],
}

test('help lists every command, and what is none is said to be none', async () => {
  const { command, close } = await testBot({ model: scriptedModel([]) })

  const help = await command('/help')
  for (const { name } of COMMANDS) expect(help).toContain(`\`/${name}`)
  expect(await command('HELP')).toBe(help)
  for (const line of ['', '/', ' / ']) expect(await command(line)).toBe(help)
  for (const line of ['/dance `now`', '/dance`</code>'])
    expect(await command(line)).toMatch(/^There is no command `[^`]*`\. `\/help` lists them\.$/)
  await close({ graceMs: 0 })
})

test('every command answers a person who has nothing yet', async () => {
  const { command, close } = await testBot({ model: scriptedModel([]) })

  const said: Record<string, string> = {}
  for (const { name } of COMMANDS) said[name] = await command(`/${name}`)

  expect(said).toMatchObject({
    new: 'A new conversation. What was said before is not known in it.',
    stop: 'Nothing is under way.',
    status: 'Nothing is under way.',
    runs: 'Nothing was run for you yet.',
    audit: '`/audit RUN` tells what one did; `/runs` lists the latest.',
    schedules: expect.stringMatching(/^Nothing is scheduled/) as string,
    cancel: '`/cancel ID` ends one; `/schedules` lists what is scheduled.',
    agent: said['agents'],
  })
  await close({ graceMs: 0 })
})

test('a new conversation knows nothing of the one before', async () => {
  const model = scriptedModel([{ text: 'Hi.' }, ({ messages }) => ({ text: `${messages.length} message` })])
  const { say, command, answers, close } = await testBot({ model })
  await say('I am Ann')
  await answers(1)
  await command('/new')
  await say('Who am I?')

  expect((await answers(1))[0]?.text).toBe('1 message')
  await close({ graceMs: 0 })
})

test('status tells of what works, what waits for an answer and what waits for the run before', async () => {
  const model = scriptedModel([{ calls: [{ name: 'delete_note', input: { id: 1, text: 'x' } }] }, { stalls: true }])
  const { say, command, question, close } = await testBot({ model })
  await say('Delete it')
  await question()
  await say('And?')
  expect(await command('/status')).toBe(
    '- **assistant** waits for an answer to its questions\n- one message waits for the run before',
  )
  await say('Hello', { place: 'elsewhere' })
  await vi.waitFor(async () =>
    expect(await command('/status', { place: 'elsewhere' })).toBe('- **assistant** is at work'),
  )

  expect(await command('/stop', { place: 'elsewhere' })).toBe('Stopped.')
  await close({ graceMs: 0 })
})

test('a tool name that a model made up cannot break the status', async () => {
  const model = scriptedModel([
    {
      calls: [
        { name: 'x` **bold** [a](b)\n# `', input: {} },
        { name: 'web_fetch', input: {} },
      ],
    },
    { stalls: true },
  ])
  const { bot, say, command, close } = await testBot({ model })
  const { conversationId } = await say('Hello')
  const statuses: Promise<string>[] = []
  bot.watch(conversationId, () => void statuses.push(command('/status')))
  await vi.waitFor(() => expect(model.requests).toHaveLength(2))
  const shown = await Promise.all(statuses)

  expect(shown).toContain("- **assistant** is at work, in `x' **bold** [a](b) # '`")
  expect(shown.filter((line) => line.includes('`x` **bold**'))).toEqual([])
  await close({ graceMs: 0 })
})

test('schedules and runs of others are not told of, and an owner may cancel them', async () => {
  const clock = fakeClock()
  const { bot, say, command, question, answers, close } = await testBot({
    model: scriptedModel([hostilePlan, { text: 'Done.' }]),
    clock,
  })
  await say('Plan it')
  const { questionId } = await question()
  await bot.decide(questionId, 'approve', { id: 'test:ann', name: 'Ann' })
  await answers(1)
  const own = await command('/schedules')
  const id = /`(job-[0-9a-f]+)`/.exec(own)![1]!
  const runId = (await command('/runs')).split('`')[1]!

  expect(await command('/runs')).toBe(
    `- **Plan it**: assistant, ok, 2 steps, 1 tool call  \n  Tuesday 6 January 2026, 13:00. \`${runId}\`\n\n\`/audit RUN\` tells what one did.`,
  )
  expect(own).toContain(plain(HOSTILE))
  expect(own).toContain(plain('a`b*c'))
  expect(own.split('\n')).toHaveLength(4)
  expect(await command('/schedules', { by: 'bob' })).toMatch(/^Nothing is scheduled/)
  expect(await command('/runs', { by: 'bob' })).toBe('Nothing was run for you yet.')
  expect(await command(`/cancel ${id}`, { by: 'bob' })).toMatch(/^Nothing of yours has the id/)
  expect(await command(`/audit ${runId}`, { by: 'bob' })).toMatch(/^There is no such run of yours/)
  expect(await command(`/audit ${runId}`, { by: 'owner' })).toContain('The record is whole.')
  expect(await command(`/audit ${runId}`)).toMatch(
    /asks for a yes: create_schedule[\s\S]*approval: .*create_schedule\? Approved by Ann \(test:ann\)[\s\S]*calls create_schedule /,
  )
  expect(await command(`/cancel ${id}`, { by: 'owner' })).toBe(`Cancelled: ${plain('a`b*c')}.`)
  expect(await command('/schedules')).toMatch(/^Nothing is scheduled/)
  await close({ graceMs: 0 })
})

test('what people chose is no Markdown', () => {
  expect(plain(HOSTILE)).toBe(String.raw`\*\*x\*\* \[y\](http://evil) \`z\` \<b\> \# \| \~ - item`)
})
