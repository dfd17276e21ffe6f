import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { botHome, startBot } from './bot-process.test-kit.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

const MAIN = new URL('./main.ts', import.meta.url).pathname

function run(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
) {
  const folder = tempFolder()
  const { env = {}, input = '' } = options
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, '--data', folder, ...args], {
    env,
    input,
    encoding: 'utf8',
    timeout: 50_000,
  })
  return { status, stdout, stderr, folder }
}

test('a wrong configuration lists every fault by name, without a secret, and exits 2', () => {
  const folder = tempFolder()
  const config = join(folder, 'bot.config.json')
  writeFileSync(config, JSON.stringify({ web: { prot: 1 }, runs: { concurrency: 0 }, timeZone: 'Europe/Olso' }))
  const env = {
    EXECUTUS_BOT_PORT: 'many',
    EXECUTUS_BOT_OWNERS: 'ann',
    DISCORD_TOKEN: 'canary 4711',
    OPENAI_BASE_URL: 'nowhere',
  }

  const { status, stdout, stderr } = run(['--config', config], { env })

  expect(status).toBe(2)
  const names = [
    'web',
    'prot',
    'runs.concurrency',
    'timeZone',
    'EXECUTUS_BOT_PORT',
    'EXECUTUS_BOT_OWNERS',
    'DISCORD_TOKEN',
    'OPENAI_BASE_URL',
  ]
  for (const name of names) expect(stderr).toContain(name)
  expect(stderr + stdout).not.toContain('canary')
  expect(stderr).not.toContain('    at ')
})

test('what is said through a pipe is answered, decided, and ends with the pipe', () => {
  const lines = ['Remember that I like ferns', 'Forget the ferns', 'a', 'What do you remember?', '/usage']
  const { status, stdout } = run(['--terminal'], { input: `${lines.join('\n')}\n` })

  expect(status).toBe(0)
  expect(stdout).toMatch(/save_note[^]*May assistant use delete_note\?[^]*delete_note[^]*nothing/i)
  expect(stdout).toContain('of 200,000 tokens left today')
})

test('a port that another bot has is told in words', async () => {
  const home = await botHome()
  const bot = await startBot(home)
  const { status, stderr } = run(['--port', String(home.port), '--no-open'])

  expect(status).toBe(1)
  expect(stderr).toContain(`port ${home.port}`)
  expect(stderr).not.toContain('    at ')
  expect(await bot.end('SIGINT')).toBe(0)
})
