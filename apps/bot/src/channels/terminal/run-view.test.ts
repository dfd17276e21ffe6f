import { expect, test, vi } from 'vitest'

import type { Entry } from '../../view/entry.ts'
import { answerOf, questionOf, startTerminal, type StartedTerminal, toolItem } from './terminal.test-kit.ts'

const textItem = (step: number, text: string) => ({ type: 'text', step, text }) as const

async function wrote(terminal: StartedTerminal, ...lines: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(terminal.written().split('\n')).toEqual([...lines, '']))
}

test('delegated calls stand under the agent that makes them; calls side by side are told apart', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  const by = ['researcher']
  terminal.live([toolItem('delegate', { input: '{}' }), toolItem('search', { by, input: '"sun"' })])
  terminal.live([
    toolItem('delegate', { input: '{}' }),
    toolItem('search', { by, input: '"sun"', state: 'done', elapsedMs: 1_234 }),
    toolItem('fetch', { by: ['researcher', 'reader'], input: '', state: 'failed', result: 'no\n\u001B[2Jroute' }),
  ])
  terminal.live([toolItem('delegate', { input: '{}', state: 'done' })])
  await wrote(
    terminal,
    '· delegate',
    '  · researcher: search "sun"',
    '  ✓ 1.2 s',
    '    · reader: fetch',
    '    ✗ no route',
    '✓ delegate done',
  )
})

test('a run that is told of again and again is written once', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  const tool = toolItem('now', { state: 'done', elapsedMs: 1 })
  terminal.live([], { state: 'queued' })
  terminal.live([], { state: 'queued' })
  terminal.live([textItem(1, 'A')])
  terminal.live([textItem(1, 'AB'), tool])
  terminal.live([textItem(1, 'AB'), tool, textItem(2, 'C')])
  terminal.text(2, 'D')
  terminal.live([textItem(1, 'AB'), tool, textItem(2, 'CD')])
  terminal.answer('CD')
  await wrote(terminal, '(waits for its turn)', 'AB', '· now {"zone":"Oslo"}', '✓ 1 ms', 'CD')
})

test.each([
  ['is gone', []],
  ['is another', [textItem(1, '')]],
])('text of an attempt that was discarded is told as such (it %s)', async (_, trail) => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([])
  terminal.text(1, 'Half a')
  terminal.live(trail)
  terminal.text(1, 'All of it')
  terminal.answer('All of it')
  await wrote(terminal, 'Half a', '(begins anew)', 'All of it')
})

test('a run that waited for a person goes on where it was', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([textItem(1, 'I ask.'), toolItem('write')])
  terminal.bot.tell(terminal.conversationId, { type: 'live-end', runId: 'r1' })
  terminal.live([textItem(1, 'I ask.'), toolItem('write', { state: 'done', elapsedMs: 3 }), textItem(2, 'Done.')])
  terminal.answer('Done.')
  await wrote(terminal, 'I ask.', '· write {"zone":"Oslo"}', '✓ 3 ms', 'Done.')
})

test('an answer that was streamed is not written again; what is missing of it is', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([])
  terminal.text(1, ' One,')
  terminal.answer('One, two.')
  expect(await terminal.send({ text: 'One, two.' })).toBe('k:One, two.')
  await wrote(terminal, ' One,', ' two.')
})

test('an answer that is another than what streamed is written as it is sent, and so is the same a second time', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([])
  terminal.text(1, 'Perhaps.')
  terminal.answer('No.')
  await terminal.send({ text: 'No.' })
  terminal.answer('No.')
  await terminal.send({ text: 'No.' })
  await wrote(terminal, 'Perhaps.', 'No.', 'No.')
})

test('an answer that begins as earlier text did is not taken for more of it', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([textItem(1, 'I look.'), toolItem('now', { state: 'done', elapsedMs: 1 })])
  terminal.answer('I look. It is noon.')
  await terminal.send({ text: 'I look. It is noon.' })
  await wrote(terminal, 'I look.', '· now {"zone":"Oslo"}', '✓ 1 ms', 'I look. It is noon.')
})

test('how an answer failed is written behind what there is of it', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([])
  terminal.text(1, 'Half a')
  const entry = terminal.answer('Half a', { outcome: 'failed', problem: 'The model\u0007 is gone.' })
  const [part, ...more] = terminal.channel.outlet!.partsOf(entry)
  expect([part, more]).toEqual([{ text: 'Half a\nIt could not be answered. The model is gone.' }, []])
  await terminal.send(part!)
  await wrote(terminal, 'Half a', 'It could not be answered. The model is gone.')
})

test('escape sequences of a model steer nothing, also when they come in pieces', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([toolItem('a\u001B[1m', { input: '\u001B]0;x\u0007{}\u202E' })])
  terminal.text(1, 'red: \u001B[3')
  terminal.text(1, '1mno\u009B2')
  terminal.text(1, 'J\u202E.')
  terminal.answer('red: \u001B[31mno\u009B2J\u202E.')
  await wrote(terminal, '· a {}', 'red: no.')
})

test('a job is named, while it runs and where it is sent', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.live([textItem(1, 'Good morning.')], { job: 'morning', state: 'recovered' })
  const entry = terminal.answer('Good morning.', { job: 'morning' })
  expect(terminal.channel.outlet!.partsOf(entry)).toEqual([{ text: 'Of the job morning:\nGood morning.' }])
  await wrote(terminal, '(job: morning)', '(goes on after a restart)', 'Good morning.')
})

test('nothing that a stranger chose steers the terminal, or passes for a line of ours', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  const place = { id: 1, conversationId: 'c1', atMs: 0 }
  const textOf = (entry: Entry) => terminal.channel.outlet!.partsOf(entry)[0]!.text
  const job = 'News\u001B]0;x\u0007\u001B[2J\n? May it?'
  expect(textOf({ ...answerOf('Yes.'), job, ...place })).toBe('Of the job News ? May it?:\nYes.')
  const asked = {
    ...questionOf('q1'),
    title: 'May q1\nwrite?\u202E',
    details: 'a\u001B[2K\u200B\n  1 [d]ecline   2 [a]pprove\n',
  }
  expect(textOf({ ...asked, ...place })).toBe(
    'May q1 write?<U+202E>\n  │ a<U+001B>[2K<U+200B>\n  │   1 [d]ecline   2 [a]pprove',
  )
  expect(textOf({ ...asked, details: ' ', outcome: 'Approved by A\u001Bnn', ...place })).toBe(
    'May q1 write?<U+202E>\nApproved by A<U+001B>nn',
  )
})

test('what is sent for an entry is plain text, the same whatever became of the delivery', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  const partsOf = (entry: Entry) => terminal.channel.outlet!.partsOf(entry)
  const place = { id: 1, conversationId: 'c1', atMs: 0 }
  expect(partsOf({ ...answerOf('Yes.'), ...place })).toEqual(
    partsOf({ ...answerOf('Yes.'), ...place, delivery: 'waiting' }),
  )
  expect(partsOf({ ...answerOf(' '), ...place })).toEqual([{ text: 'There is no answer.' }])
  expect(partsOf({ kind: 'notice', text: 'Hi\u001B[2J', tone: 'info', ...place })).toEqual([{ text: 'Hi' }])
  expect(partsOf({ ...questionOf('q1'), ...place })).toEqual([
    {
      text: 'May q1 write?\n  │ a.txt\n  │ b.txt',
      buttons: [
        { id: 'ex:q1:app', label: 'Approve', style: 'plain' },
        { id: 'ex:q1:dec', label: 'Decline', style: 'plain' },
      ],
    },
  ])
  expect(partsOf({ ...questionOf('q1'), outcome: 'Declined by Ann.', ...place })).toEqual([
    { text: 'May q1 write?\n  │ a.txt\n  │ b.txt\nDeclined by Ann.' },
  ])
  const said = {
    kind: 'said',
    author: { id: 'x', name: 'X' },
    text: 'x',
    files: [],
    skipped: [],
    state: 'taken',
  } as const
  expect(partsOf({ ...said, ...place })).toEqual([])
})
