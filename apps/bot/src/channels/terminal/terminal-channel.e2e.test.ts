import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, test, vi } from 'vitest'

const PROGRAM = fileURLToPath(new URL('./talk.test-kit.ts', import.meta.url))
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  const ended = new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>(
    (resolve) => child.once('close', (code) => resolve({ code, ...written })),
  )
  const saw = (text: string): Promise<void> =>
    vi.waitFor(() => expect(written.stdout).toContain(text), { timeout: 20_000 })
  return { child, ended, saw }
}

/** As a person has it; what both streams write comes on standard output. */
function startInTerminal(env: Readonly<Record<string, string>> = {}) {
  return start('script', ['-qefc', `'${process.execPath}' '${PROGRAM}'`, '/dev/null'], { TERM: 'xterm', ...env })
}

test('what is piped in is answered line by line, and the process ends by itself', async () => {
  const { child, ended } = start(process.execPath, [PROGRAM])
  child.stdin.end('what time is it\nand now')
  expect(await ended).toEqual({
    code: 0,
    stdout: 'You said:\nwhat time is it.\nYou said:\nand now.\n',
    stderr: 'left\n',
  })
})

test('a reader who has seen enough ends it without a word', async () => {
  const { child, ended } = start(process.execPath, [PROGRAM])
  child.stdout.destroy()
  child.stdin.end('one\ntwo\nthree\n')
  expect(await ended).toEqual({ code: 0, stdout: '', stderr: 'left\n' })
})

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false
const WITHOUT_TERMINAL = !hasScript // `script` of util-linux gives one

test.skipIf(WITHOUT_TERMINAL).each([
  ['colours', {}, '\u001B[36myou > \u001B[39m'],
  ['no colours for NO_COLOR', { NO_COLOR: '1' }, '\u001B[0Jyou > '],
])('in a terminal one types, reads and leaves with Ctrl-D: %s', async (_, env, prompt) => {
  const { child, ended, saw } = startInTerminal(env)
  await saw(prompt)
  child.stdin.write('hello\r')
  await saw('hello.\r\n')
  child.stdin.write(CTRL_D)
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(stdout.endsWith('\u001B[1G\u001B[0Jleft\r\n')).toBe(true)
  expect(stdout).toContain('You said:\r\nhello.\r\n')
  expect(stdout).not.toContain('\u001B[2J')
})

test.skipIf(WITHOUT_TERMINAL)('in a terminal Ctrl-C ends the run first, and then the talk', async () => {
  const { child, ended, saw } = startInTerminal({ NO_COLOR: '1' })
  await saw('you > ')
  child.stdin.write('for ever\r')
  await saw('for ever.')
  child.stdin.write(CTRL_C)
  await saw('(stopping)')
  child.stdin.write(CTRL_C)
  await saw('To leave, press Ctrl-C once more')
  child.stdin.write(CTRL_C)
  const { code, stdout } = await ended
  expect([code, stdout.trimEnd().endsWith('left')]).toEqual([0, true])
})

test.skipIf(WITHOUT_TERMINAL)('a dumb terminal gets plain lines', async () => {
  const { child, ended, saw } = startInTerminal({ TERM: 'dumb' })
  child.stdin.write('hello\n')
  await saw('hello.\r\n')
  child.stdin.write(CTRL_D)
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(stdout).not.toContain('\u001B')
})
