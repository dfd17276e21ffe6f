import { join } from 'node:path'

import type { UserPart } from '@executus/core'
import { skillFolder } from '@executus/skill'
import { expect, test } from 'vitest'

import { demoHost, quickDemo } from './demo-host.test-kit.ts'
import { demoSuggestions } from './demo-model.ts'

test('the time is told in each city that is named, or in the bot’s own zone', async () => {
  const { talk } = await demoHost()
  expect(await talk('What time is it in Oslo and Tokyo?')).toEqual({
    calls: ['current_time', 'current_time'],
    answer:
      '- It is 13:00 on Tuesday, 6 January 2026, in Europe/Oslo.\n- It is 21:00 on Tuesday, 6 January 2026, in Asia/Tokyo.',
  })
  expect((await talk('what’s the time?')).answer).toBe('It is 13:00 on Tuesday, 6 January 2026, in Europe/Oslo.')
})

test('what is to be remembered is a note, and is told again', async () => {
  const { talk, notes } = await demoHost()
  expect((await talk('What do you remember about me?')).answer).toContain('nothing of you yet')
  expect((await talk('Please remember that I like tea')).calls).toEqual(['save_note'])
  await talk('Ann: remember: the dog is called Bo')
  expect(notes.list('web:ann').map(({ text }) => text)).toEqual(['I like tea', 'the dog is called Bo'])
  expect((await talk('what do you know')).answer).toBe(
    'This is what I remember:\n\n- I like tea (note 1)\n- the dog is called Bo (note 2)',
  )
})

test('what is to be forgotten is found, asked for and deleted, and a no is respected', async () => {
  const host = await demoHost()
  for (const text of ['likes tea', 'has a dog', 'lives in Oslo']) host.notes.save('web:ann', text, text)
  expect(await host.talk('Forget about the dog')).toEqual({
    calls: ['list_notes', 'delete_note'],
    answer: 'Note 2 is deleted: has a dog',
  })
  host.say = { isApproved: false, note: 'nobody answered in time' }
  expect(await host.talk('forget everything')).toEqual({
    calls: ['list_notes', 'delete_note failed', 'delete_note failed'],
    answer: Array(2).fill('`delete_note` was declined (nobody answered in time), so it was not done.').join('\n\n'),
  })
  expect(await host.talk('forget the cat')).toEqual({
    calls: ['list_notes'],
    answer: 'I have no note about that, so there is nothing to forget.',
  })
  expect(host.asked.map(({ resources }) => resources[0]?.value)).toEqual([
    '2: has a dog',
    '1: likes tea',
    '3: lives in Oslo',
  ])
  expect(host.notes.list('web:ann')).toHaveLength(2)
})

test('a task of every morning is scheduled by the clocks of its city', async () => {
  const { talk, schedule } = await demoHost()
  const { calls, answer } = await talk('Every morning at 8 in Oslo, tell me what you remember')
  expect(calls).toEqual(['create_schedule'])
  expect(answer).toContain('Next: Wednesday 7 January 2026, 08:00; Thursday')
  expect((await schedule.list()).jobs).toMatchObject([
    {
      trigger: { cron: '0 8 * * *', timeZone: 'Europe/Oslo' },
      payload: { agent: 'assistant', input: 'Tell me what you remember', caller: 'web:ann' },
    },
  ])
})

test.each([
  ['Remind me in 10 minutes to stretch', '2026-01-06T12:10'],
  ['tomorrow at 9 in Tokyo call Eve', '2026-01-07T00:00'],
  ['Remind me at 8 of the bread', '2026-01-07T07:00'],
  ['Remind me at 18:30 of the bread', '2026-01-06T17:30'],
  ['on Tuesday at 9 call Eve', '2026-01-13T08:00'],
  ['on Monday at 9 call Eve', '2026-01-12T08:00'],
])('“%s” is scheduled for %s UTC', async (text, at) => {
  const { talk, schedule } = await demoHost()
  expect((await talk(text)).calls).toEqual(['current_time', 'create_schedule'])
  expect((await schedule.list()).jobs).toMatchObject([{ trigger: { atMs: Date.parse(`${at}Z`) } }])
})

test('the name before what somebody says in a room is no part of it', async () => {
  const { talk, schedule } = await demoHost()
  await talk('Ann Lee: every day at 8, feed the cat')
  await talk('Note: the cat is called Bo')
  await talk('In one hour: feed the cat')
  expect((await schedule.list()).jobs.map(({ name }) => name)).toEqual(['Feed the cat', 'Feed the cat'])
  expect((await talk('bob_7: what do you remember?')).answer).toContain('- the cat is called Bo (note 1)')
})

test('when a reminder is due, it is given', async () => {
  const { talk } = await demoHost()
  expect(await talk('Remind me to stretch')).toEqual({ calls: [], answer: 'This is your reminder: Stretch' })
})

test('what cannot be scheduled, and what is declined, is said plainly', async () => {
  const host = await demoHost()
  expect((await host.talk('every minute say hello')).answer).toContain('`create_schedule` did not work')
  host.say = { isApproved: false }
  expect((await host.talk('every day at 8 say hello')).answer).toBe(
    '`create_schedule` was declined, so it was not done.',
  )
  host.say = { isApproved: false, note: 'The person declined.' }
  expect((await host.talk('every day at 8 say hello')).answer).toBe(
    '`create_schedule` was declined, so it was not done.',
  )
  host.say = { isApproved: false, note: 'Nobody decided in time.' }
  expect((await host.talk('every day at 8 say hello')).answer).toBe(
    '`create_schedule` was declined (Nobody decided in time), so it was not done.',
  )
  expect((await host.schedule.list()).jobs).toEqual([])
})

test('what is scheduled is listed, and cancelled by what it is about', async () => {
  const { talk, schedule } = await demoHost()
  expect((await talk('What is scheduled?')).answer).toBe('Nothing is scheduled.')
  expect((await talk('cancel the bread')).answer).toBe('Nothing is scheduled.')
  await talk('every day at 8 feed the cat')
  await talk('every day at 9 walk the dog')
  expect((await talk('Show my schedules')).answer).toContain(
    '- **Feed the cat**, every day at 08:00 (Europe/Oslo). Next:',
  )
  expect((await talk('Cancel the bread')).answer).toContain('I am not sure which one.')
  expect(await talk('Cancel the dog')).toEqual({
    calls: ['list_schedules', 'cancel_schedule'],
    answer: 'Walk the dog is cancelled.',
  })
  expect((await schedule.list()).jobs).toHaveLength(1)
})

test('the researcher has a run of its own, and looks at the clock', async () => {
  const { talk } = await demoHost()
  const { calls, answer } = await talk('Ask the researcher why leaves turn red')
  expect(calls).toEqual(['agent__researcher'])
  expect(answer).toContain('> **Finding** on “why leaves turn red”')
  expect(answer).toContain('it was 13:00 on Tuesday, 6 January 2026, in Europe/Oslo when I looked')
  expect(answer).toContain('> Sources:\n> - the clock of this bot')
})

test('an agent is made of a sentence, and a second one of its name is refused', async () => {
  const { talk, personas } = await demoHost()
  const { calls, answer } = await talk('Create an agent called Gardener who knows all about roses.')
  expect(calls).toEqual(['create_agent'])
  expect(answer).toContain('Say `/agent gardener` to talk to it')
  const as = { id: 'web:ann', roles: [], isAdmin: false }
  expect(await personas.find('gardener', { as })).toMatchObject({
    agent: {
      description: 'Knows all about roses.',
      instructions: 'You are gardener, an agent in a chat: one who knows all about roses.',
    },
  })
  expect((await talk('make a new agent named gardener')).answer).toContain('`create_agent` did not work')
  expect((await talk('create an agent that answers in rhymes')).answer).toContain('**answers**')
})

test('a skill is read where there are skills', async () => {
  const host = await demoHost()
  expect((await host.talk('Use the skill plan-my-day')).answer).toContain('I need `activate_skill`')
  const { sessionTools } = await skillFolder(join(import.meta.dirname, '../../skills'), { trust: () => true })
  const agent = host.assistant
  const ask = async (text: string) => (await host.executorOf(quickDemo(), { sessionTools }).run(agent, text)).output
  expect(await ask('Use the skill plan-my-day')).toContain('1. **Know the day.**\n2. **Know the person.**')
  expect(await ask('Use a skill')).toBe('Which one? There are: plan-my-day, weekly-review.')
  expect(await ask('Use skill nonsense')).toContain('`activate_skill` did not work')
})

test('what came with a message is told, and what was not taken', async () => {
  const { talk } = await demoHost()
  const base64 = Buffer.alloc(2_500).toString('base64')
  const parts: readonly UserPart[] = [
    { type: 'text', text: 'Look at this' },
    { type: 'image', mediaType: 'image/png', source: { base64 } },
    { type: 'file', mediaType: 'text/plain', name: 'a.txt', source: { base64: 'aGk=' } },
    { type: 'text', text: '[These files came with the message and were not taken.]\n- "b.zip": larger than 8 MB' },
  ]
  const { calls, answer } = await talk(parts)
  expect(calls).toEqual([])
  expect(answer).toContain('2 files came with your message:\n\n- image/png, 2.5 KB\n- a.txt: text/plain, 2 bytes')
  expect(answer).toContain('> - "b.zip": larger than 8 MB')
})

test('the tour calls two tools at once, delegates, asks, and tells what really happened', async () => {
  const host = await demoHost()
  host.notes.save('web:ann', 'likes tea', 'a')
  const run = host.executorOf(quickDemo()).start(host.assistant, '/tour', { caller: 'web:ann' })
  const steps: string[] = []
  run.on('tool-call-start', ({ step, tool }) => steps.push(`${step} ${tool}`))
  const { status, output } = await run.result
  expect(status).toBe('ok')
  expect(steps).toEqual(['1 current_time', '1 list_notes', '2 agent__researcher', '3 create_schedule'])
  expect(output).toContain(
    'The clock says that it is 13:00 on Tuesday, 6 January 2026, in Europe/Oslo. I remember one thing',
  )
  expect(output).toContain('> **Finding**')
  expect(output).toContain(
    'You said yes. Scheduled "Good morning", every day at 08:00 (Europe/Oslo). Next: Wednesday 7 January 2026, 08:00.',
  )
  const words = output.split(/\s+/).length
  expect(words).toBeGreaterThan(120)
  expect(words).toBeLessThan(200)
})

test('the tour goes on after a no, and leaves out what is not there', async () => {
  const host = await demoHost()
  host.say = { isApproved: false }
  const { answer } = await host.talk('Show me what you can do')
  expect(answer).toContain('`create_schedule` was declined, so it was not done.')
  expect(answer).not.toContain('ends it')
  const alone = await host.talk('tour', { name: 'loner', tools: ['list_notes'] })
  expect(alone.calls).toEqual(['list_notes'])
  expect(alone.answer).toContain('`agent__researcher` is not there in this conversation')
})

test.each([
  ['What time is it?', 'current_time'],
  ['Remember that I like tea', 'save_note'],
  ['Forget the tea', 'list_notes'],
  ['Every day at 8 say hello', 'create_schedule'],
  ['Remind me in 10 minutes to stretch', 'create_schedule'],
  ['What is scheduled?', 'list_schedules'],
  ['Research roses', 'agent__researcher'],
  ['Create an agent called gardener', 'create_agent'],
  ['What do you remember?', 'list_notes'],
])('“%s” without the tool says that %s is missing, and calls nothing', async (text, tool) => {
  const { talk } = await demoHost()
  const { calls, answer } = await talk(text, { name: 'loner' })
  expect(calls).toEqual([])
  expect(answer).toBe(`For that I need \`${tool}\`, and this conversation does not have it.`)
})

test('anything else is answered with what it is, and what it can show', async () => {
  const { talk } = await demoHost()
  const { calls, answer } = await talk('What is the meaning of life?')
  expect(calls).toEqual([])
  expect(answer).toContain('I am a scripted demo: no model is configured')
})

test('what it suggests plays a tool, a schedule, a delegation and an approval, and none of it is “anything else”', async () => {
  const host = await demoHost()
  const played = new Set<string>()
  for (const suggestion of demoSuggestions) {
    const { calls, answer } = await host.talk(suggestion)
    expect(answer).not.toContain('I am a scripted demo')
    for (const call of calls) played.add(call)
  }
  expect(played).toEqual(new Set(['current_time', 'list_notes', 'create_schedule', 'agent__researcher']))
  expect(host.asked.map(({ tool }) => tool)).toEqual(['create_schedule', 'create_schedule'])
})
