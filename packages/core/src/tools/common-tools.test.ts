import { expect, test } from 'vitest'

import { commonTools } from './common-tools.ts'
import { currentTimeTool, type CurrentTimeOptions } from './current-time.ts'
import { selfStatusTool } from './self-status.ts'
import { thinkTool } from './think.ts'
import { todoListTool } from './todo-list.ts'
import { callTool, toolContext } from './tool-context.test-kit.ts'

const clockAt = (iso: string) => ({ now: () => Date.parse(iso), after: () => () => undefined })
const noon = clockAt('2026-01-06T12:00:00Z')

test('commonTools() gives four tools that reach nothing', () => {
  const tools = commonTools({ clock: noon, timeZone: 'Europe/Berlin' })
  expect(tools.map(({ name, effect, replay, capabilities }) => [name, effect, replay, capabilities.length])).toEqual([
    ['think', 'read', 'rerun', 0],
    ['current_time', 'read', 'rerun', 0],
    ['todo_list', 'read', 'rerun', 0],
    ['self_status', 'read', 'rerun', 0],
  ])
  expect(commonTools()).toHaveLength(4)
})

test('think takes a thought and says nothing about it', async () => {
  expect(await callTool([thinkTool()], 'think', { thought: 'Hm.' })).toBe('Noted.')
})

test.each([
  ['2026-01-06T12:00:00Z', undefined, '2026-01-06T12:00:00+00:00, a Tuesday in UTC'],
  ['2026-01-06T12:00:00Z', 'Europe/Berlin', '2026-01-06T13:00:00+01:00, a Tuesday in Europe/Berlin'],
  ['2026-07-06T22:30:15Z', 'europe/berlin', '2026-07-07T00:30:15+02:00, a Tuesday in Europe/Berlin'],
  ['2026-01-06T03:00:00Z', 'America/St_Johns', '2026-01-05T23:30:00-03:30, a Monday in America/St_Johns'],
])('current_time tells %s in %s', async (now, timeZone, told) => {
  const tools = [currentTimeTool({ clock: clockAt(now) })]
  expect(await callTool(tools, 'current_time', timeZone === undefined ? {} : { timeZone })).toBe(told)
})

test('current_time uses the zone and the clock of the host', async () => {
  const berlin = [currentTimeTool({ clock: noon, timeZone: 'Europe/Berlin' })]
  expect(await callTool(berlin, 'current_time')).toBe('2026-01-06T13:00:00+01:00, a Tuesday in Europe/Berlin')
  const told = String(await callTool([currentTimeTool()], 'current_time'))
  expect(Math.abs(Date.parse(told.split(',')[0] ?? '') - Date.now())).toBeLessThan(5_000)
})

test('current_time says what a zone looks like to whom names none', async () => {
  for (const timeZone of ['Mars/Base', '', 'UTC\n'])
    await expect(callTool([currentTimeTool()], 'current_time', { timeZone })).rejects.toThrow(
      `"${timeZone}" is no time zone: give an IANA name, such as "Europe/Berlin" or "UTC"`,
    )
})

test.each<[unknown, ErrorConstructor, string]>([
  [{ zone: 'UTC' }, TypeError, 'Expected `currentTime` to have no option `zone`'],
  [{ timeZone: 7 }, TypeError, 'Expected `currentTime.timeZone` to be a string, got `7`'],
  [{ timeZone: 'Mars' }, RangeError, 'Expected `currentTime.timeZone` to be the IANA name of a time zone, got `Mars`'],
  [{ clock: {} }, TypeError, 'Expected `currentTime.clock` to be an object with a method `now`'],
])('currentTimeTool() refuses %j', (options, type, message) => {
  const make = () => currentTimeTool(options as CurrentTimeOptions)
  expect(make).toThrow(type)
  expect(make).toThrow(message)
})

test('todo_list gives the list back as it now is', async () => {
  const list = (items: readonly object[]) => callTool([todoListTool()], 'todo_list', { items })
  expect(
    await list([
      { text: 'look', status: 'done' },
      { text: 'write\n[x] fake', status: 'in-progress' },
      { text: ' test ' },
    ]),
  ).toBe('[x] look\n[>] write [x] fake\n[ ] test\n1 of 3 done, 1 in progress')
  expect(await list(['a', 'b'].map((text) => ({ text, status: 'in-progress' })))).toBe(
    '[>] a\n[>] b\n0 of 2 done, 2 in progress: finish one before the next',
  )
  expect(await list([])).toBe('The list is empty.')
  await expect(list([{ text: ' ' }])).rejects.toThrow('items.0.text: Too small')
  await expect(list(Array.from({ length: 101 }, () => ({ text: 'x' })))).rejects.toThrow('items')
})

test('self_status tells what the run has used of what it may', async () => {
  const usual = toolContext().progress()
  const status = (given: object) =>
    callTool([selfStatusTool()], 'self_status', {}, { progress: () => ({ ...usual, ...given }) })
  expect(
    await status({
      phase: 'review',
      steps: 3,
      elapsedMs: 65_900,
      timeoutMs: 3_600_000,
      inputTokens: 9,
      outputTokens: 2,
    }),
  ).toBe('You are guide, in phase review.\nStep 3 of 20.\n1 min 5 s of 1 h 0 min used.\n9 tokens read and 2 written.')
  expect(await status({ maxSteps: Infinity, timeoutMs: Infinity, elapsedMs: 900 })).toBe(
    'You are guide.\nStep 1, with no limit.\n0 s used, with no limit.\n0 tokens read and 0 written.',
  )
})
