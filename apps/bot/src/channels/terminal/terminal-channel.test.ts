import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { tempFolder } from '../../temp-folder.test-kit.ts'
import { terminalChannel } from './terminal-channel.ts'
import { ANN, type StartedTerminal, startTerminal, toolItem } from './terminal.test-kit.ts'

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const HOME = '\u0001'

async function shows(terminal: StartedTerminal, ...last: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(terminal.screen().slice(-last.length)).toEqual(last))
}

test('it says what one talks to, and waits', async () => {
  const about = { models: 'acme/large', suggestions: ['What time is it?'] }
  const terminal = await startTerminal({ about })
  expect(terminal.screen()).toEqual([
    'You talk to acme/large.',
    'A \\ at the end of a line goes on in the',
    'next. /help lists the commands, /quit le',
    'aves.',
    '  What time is it?',
    '',
    'you >',
  ])
})

test.each([true, false])('a model that is scripted is told as such (in a terminal: %s)', async (isTerminal) => {
  const terminal = await startTerminal({ isTerminal, about: { isDemo: true } })
  await vi.waitFor(() =>
    expect(terminal.written()).toContain('No model is configured: what it says is scripted, but its tools really run.'),
  )
})

test('a line is said, and its answer streams between the prompts', async () => {
  const terminal = await startTerminal()
  terminal.type('what time is it\r')
  await shows(terminal, 'you > what time is it', 'you >')
  expect(terminal.bot.said).toEqual([
    {
      person: ANN,
      at: { channel: 'terminal', place: 'terminal' },
      messageId: expect.stringMatching(/^terminal:[\da-f-]{36}$/),
      text: 'what time is it',
      files: [],
    },
  ])

  const began = { type: 'text', step: 1, text: 'I look.' } as const
  terminal.live([])
  terminal.text(1, 'I lo')
  terminal.text(1, 'ok.')
  await shows(terminal, 'you > what time is it', 'I look.')
  terminal.live([began, toolItem('current_time')])
  terminal.live([began, toolItem('current_time', { state: 'done', elapsedMs: 12 })])
  terminal.text(2, 'It is ')
  await shows(terminal, 'I look.', '· current_time {"zone":"Oslo"}', '✓ 12 ms', 'It is')
  terminal.text(2, 'noon.')
  terminal.answer('It is noon.')
  const shown = ['I look.', '· current_time {"zone":"Oslo"}', '✓ 12 ms', 'It is noon.', '', 'you >']
  await shows(terminal, ...shown)
  await terminal.send({ text: 'It is noon.' })
  terminal.type('thanks')
  await shows(terminal, ...shown.slice(0, -1), 'you > thanks')
})

test('what is typed while text streams stays whole, below it', async () => {
  const terminal = await startTerminal()
  terminal.live([])
  terminal.text(1, 'One, tw')
  terminal.type('stop at')
  await shows(terminal, 'One, tw', 'you > stop at')
  terminal.text(1, 'o, thr')
  terminal.text(1, 'ee,\nfour,')
  await shows(terminal, 'One, tw', 'o, three,', 'you > stop at')
  terminal.type(' five\r')
  await shows(terminal, 'One, tw', 'o, three,', 'you > stop at five')
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual(['stop at five']))
  terminal.text(1, ' five.')
  terminal.answer('One, two, three,\nfour, five.')
  await shows(terminal, 'o, three,', 'you > stop at five', 'four, five.', '', 'you >')
})

test('what is typed over several rows stays whole, wherever its cursor is', async () => {
  const terminal = await startTerminal()
  const typed = 'abcdefghij'.repeat(9)
  for (const key of typed) terminal.type(key)
  const rows = [`you > ${typed.slice(0, 34)}`, typed.slice(34, 74), typed.slice(74)]
  await shows(terminal, '', ...rows)
  await terminal.send({ text: 'A notice\nof two lines' })
  await shows(terminal, '', 'While you were away:', 'A notice', 'of two lines', '', ...rows)
  terminal.type(HOME)
  await vi.waitFor(() => expect(terminal.written().endsWith('\u001B[7G\u001B[2A')).toBe(true))
  await terminal.send({ text: 'Another' })
  await shows(terminal, 'of two lines', '', 'Another', '', ...rows)
  terminal.type('!\r')
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual([`!${typed}`]))
})

test('a line that ends with a backslash goes on in the next', async () => {
  const terminal = await startTerminal()
  terminal.type('one\\\r')
  await shows(terminal, 'you > one\\', '    >')
  terminal.type('two\r')
  await shows(terminal, '    > two', 'you >')
  expect(terminal.bot.said.map(({ text }) => text)).toEqual(['one\ntwo'])
})

test('a line that begins with / is a command, and what it gives is shown', async () => {
  const terminal = await startTerminal()
  terminal.type('\r  \r/usage today\r')
  await shows(terminal, 'you > /usage today', 'Did `/usage today`.', '', 'you >')
  expect(terminal.bot.commands).toEqual([
    { line: '/usage today', from: { person: ANN, at: { channel: 'terminal', place: 'terminal' } } },
  ])
  expect(terminal.bot.said).toEqual([])
})

test('a conversation that a command begins is the one that is shown', async () => {
  const terminal = await startTerminal()
  vi.spyOn(terminal.bot, 'command').mockImplementation(async () => {
    terminal.bot.newConversation({ channel: 'terminal', place: 'terminal' })
    return 'A new conversation.'
  })
  terminal.type('/new\r')
  await shows(terminal, 'A new conversation.', '', 'you >')
  terminal.text(1, 'of the one before')
  terminal.bot.tell('c2', { type: 'live-text', runId: 'r2', step: 1, text: 'of the new one' })
  await shows(terminal, 'A new conversation.', '', 'of the new one')
  expect(terminal.written()).not.toContain('of the one before')
})

test('/file sends a file, with what is said of it', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'my notes.txt'), 'twelve bytes')
  const terminal = await startTerminal()
  terminal.type(`/file "${folder}/my notes.txt"  what is it?\r`)
  await vi.waitFor(() => expect(terminal.bot.said).toHaveLength(1))
  const [{ text, files = [] }] = terminal.bot.said as [(typeof terminal.bot.said)[0]]
  expect([text, files.map(({ label, size }) => [label, size])]).toEqual(['what is it?', [['my notes.txt', 12]]])
  expect(String(await files[0]!.read({ maxBytes: 12 }))).toBe('twelve bytes')
  await expect(files[0]!.read({ maxBytes: 11 })).rejects.toThrow('it is larger than 11 bytes')

  terminal.type('/file nowhere.txt\r')
  await shows(terminal, 'nowhere.txt: there is no such file', 'you >')
  terminal.type('/file /dev\r')
  await shows(terminal, '/dev: it is not a file', 'you >')
  terminal.type('/file\r')
  await shows(terminal, 't you want to say with it.', 'you >')
  expect(terminal.bot.said).toHaveLength(1)
})

test('why a file was not taken is told to its sender', async () => {
  const terminal = await startTerminal()
  const say = terminal.bot.say.bind(terminal.bot)
  vi.spyOn(terminal.bot, 'say').mockImplementation(async (message) => {
    const result = await say(message)
    const skipped = [{ label: 'a.zip', reason: 'an archive' }]
    return {
      ...result,
      entry: { ...result.entry, kind: 'said', author: ANN, text: '', files: [], state: 'taken', skipped },
    }
  })
  terminal.type('see this\r')
  await shows(terminal, 'a.zip was not taken: an archive', 'you >')
})

test('what the bot cannot do is told, and the next line is taken', async () => {
  const terminal = await startTerminal()
  vi.spyOn(terminal.bot, 'say').mockRejectedValueOnce(new Error('the disk is \u001B[2Jfull'))
  terminal.type('one\rtwo\r')
  await shows(terminal, 'the disk is full', 'you >')
  expect(terminal.bot.said.map(({ text }) => text)).toEqual(['two'])
})

test.each([
  ['/quit', '/quit\r'],
  ['Ctrl-D', CTRL_D],
  ['Ctrl-C, twice', CTRL_C + CTRL_C],
])('%s leaves, once, and nothing is shown after it', async (_, keys) => {
  const terminal = await startTerminal()
  terminal.type(keys)
  await vi.waitFor(() => expect(terminal.left()).toBe(1))
  const written = terminal.written()
  await expect(terminal.send({ text: 'late' })).rejects.toMatchObject({ code: 'busy' })
  terminal.text(1, 'late')
  await terminal.channel.close()
  expect([terminal.written(), terminal.left()]).toEqual([written, 1])
  expect(terminal.screen().at(-1)).not.toBe('you >')
})

test('a wrong option is refused at once', () => {
  const onClose = () => {}
  expect(() => terminalChannel({ person: ANN, onclose: onClose } as never)).toThrow('no option `onclose`')
  expect(() => terminalChannel({ person: ANN } as never)).toThrow('a method `onClose`')
})

test('close() ends it without a word of the person leaving', async () => {
  const terminal = await startTerminal()
  terminal.type('half a li')
  await shows(terminal, 'you > half a li')
  await terminal.channel.close()
  await vi.waitFor(() => expect(terminal.screen().at(-1)).not.toContain('half a li'))
  expect(terminal.left()).toBe(0)
})

test('Ctrl-C says how to leave, and forgets it with the next key', async () => {
  const terminal = await startTerminal()
  const hint = ['To leave, press Ctrl-C once more, or Ctr', 'l-D, or type /quit.']
  terminal.type(CTRL_C)
  await shows(terminal, ...hint, 'you >')
  terminal.type(`x\u007F${CTRL_C}`)
  await shows(terminal, ...hint, ...hint, 'you >')
  expect(terminal.left()).toBe(0)
})

test('Ctrl-C clears what is typed', async () => {
  const terminal = await startTerminal()
  terminal.type('oops')
  await shows(terminal, 'you > oops')
  terminal.type(CTRL_C)
  await shows(terminal, '', 'you >')
  terminal.type('well\r')
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual(['well']))
})

test('Ctrl-C stops the run that is under way, and does not leave', async () => {
  const terminal = await startTerminal()
  terminal.live([{ type: 'text', step: 1, text: 'Once upon' }])
  terminal.type(CTRL_C)
  await vi.waitFor(() => expect(terminal.bot.stopped).toEqual([terminal.conversationId]))
  terminal.answer('Once upon', { outcome: 'stopped' })
  await shows(terminal, 'Once upon', '(stopping)', 'Stopped.', '', 'you >')
  expect(terminal.left()).toBe(0)
})

test('a run that has told that it was stopped is not told to be stopping', async () => {
  const terminal = await startTerminal()
  terminal.live([{ type: 'text', step: 1, text: 'Once upon' }])
  terminal.bot.stop = async () => {
    terminal.answer('Once upon', { outcome: 'stopped', problem: 'Stopped.' })
    return true
  }
  terminal.type(CTRL_C)
  await shows(terminal, 'Once upon', 'Stopped.', '', 'you >')
  terminal.type('/usage\r')
  await vi.waitFor(() => expect(terminal.bot.commands).toHaveLength(1))
  expect(terminal.written()).not.toContain('(stopping)')
})

test('/help also tells what only a terminal has', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('/help\n/usage\n')
  await vi.waitFor(() => expect(terminal.written()).toContain('/usage'))
  expect(terminal.written().split('\n').slice(0, 4)).toEqual([
    'Did `/help`.',
    '- `/file PATH`: Sends a file, and what you write behind it',
    '- `/quit`: Leaves',
    'Did `/usage`.',
  ])
})
