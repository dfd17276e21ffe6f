import { type RunInfo, staticPalette } from '@executus/core'
import { scriptedModel } from '@executus/core/testing'
import { agentJob, createSchedule, memoryScheduleStore } from '@executus/schedule'
import { expect, test } from 'vitest'

import { type ToolHost, toolHost } from '../tool-host.test-kit.ts'
import { scheduleTools } from './schedule-tools.ts'

const morning = { task: 'Tell the news.', cron: '0 8 * * *', timeZone: 'Europe/Oslo' }
const inRoom = {
  caller: 'web:ann',
  channel: 'discord:42',
  guild: 'g',
  deliverTo: { conversationId: 'c7' },
}
const jobsOf = async ({ schedule }: ToolHost, owner = 'web:ann') => (await schedule.list({ owner, limit: 100 })).jobs

test('a schedule is made after a yes to words that a person reads, and its next three times are told', async () => {
  const host = await toolHost()
  const { isError, text } = await host.call('create_schedule', morning, inRoom)
  const [job] = await jobsOf(host)
  expect(isError).toBe(false)
  expect(text).toBe(
    `Scheduled "Tell the news.", every day at 08:00 (Europe/Oslo). Its id is ${job?.id}.\n` +
      'Next: Wednesday 7 January 2026, 08:00; Thursday 8 January 2026, 08:00; Friday 9 January 2026, 08:00.',
  )
  expect(host.asked).toMatchObject([
    {
      resources: [
        { kind: 'schedule', value: 'every day at 08:00 (Europe/Oslo)' },
        { kind: 'task', value: 'Tell the news.' },
      ],
    },
  ])
  expect(job).toMatchObject({
    owner: 'web:ann',
    name: 'Tell the news.',
    trigger: { cron: '0 8 * * *', timeZone: 'Europe/Oslo' },
    payload: { agent: 'assistant', input: 'Tell the news.', ...inRoom },
  })
})

test('when its time comes, the job runs the agent for the same person in the same place', async () => {
  const host = await toolHost()
  const store = memoryScheduleStore()
  const made = createSchedule({ store, clock: host.clock })
  const sessionTools = scheduleTools({ schedule: made, timeZone: 'UTC', isOwner: () => false, clock: host.clock })
  const turns = [
    { calls: [{ name: 'create_schedule', input: { task: 'Say hello.', everyMinutes: 5 } }] },
    { text: 'Done.' },
  ]
  await host.executorOf(scriptedModel(turns), { sessionTools }).run(host.assistant, 'go', inRoom)

  const model = scriptedModel([{ text: 'Hello.' }])
  const begun: RunInfo[] = []
  const executor = host.executorOf(model, {
    sessionTools: ({ info }) => {
      begun.push(info)
      return { tools: [] }
    },
  })
  const run = agentJob(executor, () => host.assistant)
  await host.clock.advance(5 * 60_000)
  const firing = createSchedule({ store: store.connect(), clock: host.clock, run })
  expect(await firing.tick()).toMatchObject([{ outcome: 'ran' }])
  expect(begun).toMatchObject([
    { ...inRoom, agent: { name: 'assistant' }, input: [{ content: [{ text: 'Say hello.' }] }] },
  ])
})

test('nothing is scheduled after a no, and for nobody', async () => {
  const host = await toolHost()
  host.say = { isApproved: false }
  expect(await host.call('create_schedule', morning)).toMatchObject({ isError: true })
  host.say = { isApproved: true }
  expect(await host.call('create_schedule', morning, {})).toMatchObject({ isError: true })
  expect((await host.schedule.list()).jobs).toEqual([])
})

test.each([
  [{ task: 'x' }, 'give exactly one of'],
  [{ task: 'x', cron: '0 8 * * *', everyMinutes: 10 }, 'give exactly one of'],
  [{ task: 'x', everyMinutes: 4 }, 'everyMinutes'],
  [{ task: 'x', cron: '0 0 8 * * *' }, 'five fields'],
  [{ task: 'x', cron: '* * * * *' }, '5 minutes between two times'],
  [{ task: 'x', cron: '0-2 8 * * *' }, '5 minutes between two times'],
  [{ task: 'x', cron: '0 8 * * 9' }, 'cron'],
  [{ task: 'x', at: '2026-01-06T12:59' }, 'has passed'],
  [{ task: 'x', at: 'tomorrow' }, 'a local date and time'],
  [{ task: 'x', cron: '0 8 * * *', timeZone: 'Oslo' }, 'an IANA name'],
  [{ task: ' ', cron: '0 8 * * *' }, 'task'],
])('%j is refused before anybody is asked', async (input, problem) => {
  const { call, asked, schedule } = await toolHost()
  const { isError, text } = await call('create_schedule', input)
  expect(isError).toBe(true)
  expect(text).toContain(problem)
  expect(asked).toEqual([])
  expect((await schedule.list()).jobs).toEqual([])
})

test('times that name no zone are by the clocks of the bot’s', async () => {
  const host = await toolHost()
  const { text } = await host.call('create_schedule', { task: 'x', at: '2026-01-06T14:30' })
  expect(text).toContain('once, at 2026-01-06 14:30 (Europe/Oslo)')
  expect(text).toContain('Due: Tuesday 6 January 2026, 14:30.')
  expect(await jobsOf(host)).toMatchObject([{ trigger: { atMs: Date.UTC(2026, 0, 6, 13, 30) } }])
})

test('a run that goes on after a crash at any moment has scheduled one thing', async () => {
  const host = await toolHost()
  const texts = await host.callWithCrashes('create_schedule', { ...morning, name: 'News' })
  expect(texts.length).toBeGreaterThan(5)
  expect(new Set(texts).size).toBe(1)
  expect(texts[0]).toMatch(/^ok: Scheduled "News"/)
  expect(await jobsOf(host)).toHaveLength(1)
})

test('what a person is asked is the same an hour later, so that a late yes counts', async () => {
  const { all, clock } = await toolHost()
  const { tools } = await all.sessionTools({ info: { agent: { name: 'assistant' } } } as never)
  const create = tools.find(({ name }) => name === 'create_schedule')!
  const before = await create.resources!(morning)
  await clock.advance(3_600_000)
  expect(await create.resources!(morning)).toEqual(before)
})

test('a person has 20 schedules at most, also when many are made at once', async () => {
  const host = await toolHost()
  const calls = Array.from({ length: 22 }, (_, index) => ({
    name: 'create_schedule',
    input: { task: `Task ${index}`, everyMinutes: 60 },
  }))
  const model = scriptedModel([{ calls }, { text: 'Done.' }])
  const { messages } = await host.executorOf(model).run(host.assistant, 'go', inRoom)
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.content : []))
  expect(results.filter(({ isError }) => isError)).toHaveLength(2)
  expect(await jobsOf(host)).toHaveLength(20)
  expect(await host.call('create_schedule', morning, { caller: 'web:bob' })).toMatchObject({ isError: false })
})

test('schedules that have ended do not count', async () => {
  const host = await toolHost()
  const schedule = createSchedule({ clock: host.clock, run: () => {} })
  const sessionTools = scheduleTools({ schedule, timeZone: 'UTC', isOwner: () => false, clock: host.clock })
  for (let count = 0; count < 25; count++)
    await schedule.add({ owner: 'web:ann', trigger: { atMs: host.clock.now() }, payload: null })
  await schedule.tick()
  const model = scriptedModel([{ calls: [{ name: 'create_schedule', input: morning }] }, { text: 'Done.' }])
  await host.executorOf(model, { sessionTools }).run(host.assistant, 'go', inRoom)
  expect((await schedule.list({ owner: 'web:ann', limit: 1 })).jobs).toMatchObject([{ name: 'Tell the news.' }])
})

test('everybody sees what they have scheduled alone, with what came of it', async () => {
  const host = await toolHost()
  expect((await host.call('list_schedules', {})).text).toBe('Nothing is scheduled.')
  await host.call('create_schedule', { ...morning, name: 'News' })
  await host.call('create_schedule', { task: 'Stretch.', everyMinutes: 30 })
  await host.call('create_schedule', morning, { caller: 'web:bob' })
  const ids = (await jobsOf(host)).map(({ id }) => id)
  expect(JSON.parse((await host.call('list_schedules', {})).text)).toEqual([
    {
      id: ids[0],
      name: 'Stretch.',
      task: 'Stretch.',
      when: 'every 30 minutes',
      next: 'Tuesday 6 January 2026, 13:30 (Europe/Oslo)',
    },
    {
      id: ids[1],
      name: 'News',
      task: 'Tell the news.',
      when: 'every day at 08:00 (Europe/Oslo)',
      next: 'Wednesday 7 January 2026, 08:00 (Europe/Oslo)',
    },
  ])
})

test('one cancels one’s own alone, and an owner of the bot anybody’s', async () => {
  const host = await toolHost()
  await host.call('create_schedule', { ...morning, name: 'News' })
  const { id } = (await jobsOf(host))[0]!
  const refused = await host.call('cancel_schedule', { id }, { caller: 'web:bob' })
  const unknown = await host.call('cancel_schedule', { id: 'job-0' }, { caller: 'web:bob' })
  expect(refused).toMatchObject({ isError: true })
  expect(refused.text.replace(id, 'job-0')).toBe(unknown.text)
  expect(await jobsOf(host)).toHaveLength(1)
  expect(await host.call('cancel_schedule', { id }, { caller: 'web:owner' })).toEqual({
    isError: false,
    text: 'News is cancelled.',
  })
  await host.call('create_schedule', morning)
  const [again] = await jobsOf(host)
  expect(await host.call('cancel_schedule', { id: again!.id })).toMatchObject({ isError: false })
  expect(await jobsOf(host)).toEqual([])
})

test('a run that goes on after a crash at any moment may cancel what it has cancelled', async () => {
  const host = await toolHost()
  await host.schedule.add({ id: 'job-1', name: 'News', owner: 'web:ann', trigger: { everyMs: 600_000 } })
  const texts = await host.callWithCrashes('cancel_schedule', { id: 'job-1' })
  expect(texts[0]).toBe('ok: News is cancelled.')
  expect(texts).toContain('ok: job-1 is cancelled.')
})

test('an agent has the tools of sessions that it may use, and a job of a delegated run is the top agent’s', async () => {
  const host = await toolHost()
  const clerk = { name: 'clerk', description: 'Keeps the diary.' }
  const palette = staticPalette([clerk])
  const seen: string[][] = []
  const schedule = createSchedule({ clock: host.clock })
  const sessionTools = scheduleTools({
    schedule,
    timeZone: 'UTC',
    isOwner: () => false,
    placeOf: ({ rootRunId }) => ({ of: rootRunId }),
    mayUse: ({ agent }, tool) => agent.name === 'assistant' || tool === 'create_schedule',
    clock: host.clock,
  })
  const note = (turn: object) => (request: { readonly tools?: readonly { readonly name: string }[] }) => {
    seen.push((request.tools ?? []).map(({ name }) => name).filter((name) => name.endsWith('_schedule')))
    return turn
  }
  const model = scriptedModel([
    note({ calls: [{ name: 'agent__clerk', input: { task: 'Write it down.' } }] }),
    note({ calls: [{ name: 'create_schedule', input: { task: 'Say hello.', everyMinutes: 60 } }] }),
    note({ text: 'Written.' }),
    note({ text: 'Done.' }),
  ])
  const executor = host.executorOf(model, { sessionTools, palette })
  const boss = { ...host.assistant, palette: ['clerk'] }
  expect(await executor.run(boss, 'go', { ...inRoom, runId: 'r' })).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(seen[1]).toEqual(['create_schedule'])
  expect(seen[0]).toEqual(['create_schedule', 'cancel_schedule'])
  const { jobs } = await schedule.list({ owner: 'web:ann' })
  expect(jobs).toMatchObject([{ payload: { agent: 'assistant', deliverTo: { of: 'r' } } }])
})
