import { join } from 'node:path'

import { expect, test } from 'vitest'

import { folderWith, TOOLS } from '../config/config-folder.test-kit.ts'
import { environmentFrom } from '../from-env.ts'
import { checkConfiguration } from './check-configuration.ts'
import { parseArguments } from './parse-arguments.ts'

const KEY = 'sk-ant-canary-0123456789'

function check(line: string, file: unknown, env: Readonly<Record<string, string>> = {}) {
  const cwd = folderWith({ 'bot.config.json': JSON.stringify(file) })
  const args = parseArguments(line.split(' '), '0.0.0')
  return { cwd, report: checkConfiguration(args, environmentFrom(env, cwd), TOOLS) }
}

test('a right configuration is a table of each setting with its source, without a secret', async () => {
  const env = { ANTHROPIC_API_KEY: KEY, DISCORD_TOKEN: `${KEY}-2`, EXECUTUS_BOT_OWNERS: 'discord:1' }
  const { cwd, report } = check('--check --port 5', { web: { port: 6 }, runs: { maxSteps: 7 } }, env)
  const { text, exitCode } = await report
  expect(exitCode).toBe(0)
  expect(text.split('\n').slice(0, 3)).toEqual([
    `${join(cwd, 'bot.config.json')} is right.`,
    '',
    expect.stringMatching(/^setting +value +source$/),
  ])
  expect(text).toMatch(/^owners +discord:1 +EXECUTUS_BOT_OWNERS$/m)
  expect(text).toMatch(/^web\.port +5 +--port \(and not file\)$/m)
  expect(text).toMatch(/^runs\.maxSteps +7 +file$/m)
  expect(text).toMatch(/^runs\.concurrency +8 +default$/m)
  expect(text).toMatch(/^discordToken +set, 26 characters +DISCORD_TOKEN$/m)
  expect(text).toMatch(/^providers\.anthropic\.apiKey +set, 24 characters +ANTHROPIC_API_KEY$/m)
  expect(text).toMatch(/^budget\.perPerson +window day tokens 200000 +default$/m)
  expect(text).not.toContain('canary')
})

test('every column of the table begins at one place', async () => {
  const { text } = await check('--check', { skills: { trustedDigests: [`sha256-${'0'.repeat(64)}`] } }).report
  const rows = text.split('\n').slice(3)
  const at = rows[0]!.indexOf('source')
  expect(rows.map((row) => row.slice(at - 2, at)).filter((gap) => gap !== '  ')).toEqual([])
  expect(rows.every((row) => /^\S/.test(row.slice(at)))).toBe(true)
})

test('what a file says moves no cursor', async () => {
  const agents = [{ name: 'a', description: 'x', instructions: 'y', tier: 'own/\u001B[2J\u200Fm' }]
  const { text } = await check('--check', { agents }).report
  expect(text).toMatch(/^agents\[0\]\.tier +own\/\[2Jm +file$/m)
})

test('with --json it is data', async () => {
  const { cwd, report } = check('--check --json', {}, { DISCORD_TOKEN: KEY })
  const { text, exitCode } = await report
  const { settings, ...rest } = JSON.parse(text) as { readonly settings: readonly object[] }
  expect(exitCode).toBe(0)
  expect(rest).toEqual({ configFile: join(cwd, 'bot.config.json'), isDemo: true })
  expect(settings).toContainEqual({ setting: 'web.port', value: '4310', source: 'default' })
  expect(settings).toContainEqual({ setting: 'discordToken', value: 'set, 24 characters', source: 'DISCORD_TOKEN' })
})

const FAULTS = ['There is no setting `wbe`', 'Expected `web.port` to be an integer from 0 to 65535, got `-1`']

test('a wrong one is all its faults, and exit code 2', async () => {
  const file = { wbe: 1, web: { port: -1 } }
  const { cwd, report } = check('--check', file)
  const { text, exitCode } = await report
  const [first, ...lines] = text.split('\n')
  expect(lines.pop()).toBe(`Its file is ${join(cwd, 'bot.config.json')}.`)
  expect([first, exitCode]).toEqual(['These 2 things are wrong with the configuration:', 2])
  expect(lines.toSorted()).toEqual(FAULTS.map((fault) => `  ${fault}`).toSorted())
  const json = await check('--check --json', file).report
  expect(json.exitCode).toBe(2)
  expect((JSON.parse(json.text) as { faults: readonly string[] }).faults.toSorted()).toEqual(FAULTS.toSorted())
})

test('without a model it says that the demo answers', async () => {
  const demo = 'No model is configured: the scripted demo answers.'
  expect((await check('--check', {}).report).text).toContain(demo)
  expect((await check('--check', {}, { OPENAI_API_KEY: KEY }).report).text).not.toContain(demo)
})
