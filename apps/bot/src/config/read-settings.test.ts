import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { builtInAgents } from '../agents/built-in-agents.ts'
import { faultsOf, folderWith, readIn, type Scene, settingsOf, TOOLS } from './config-folder.test-kit.ts'

test('an empty file gives the defaults', async () => {
  const cwd = folderWith({ 'bot.config.json': '{}' })
  const { agents, ...settings } = await settingsOf({ cwd })
  expect(settings).toEqual({
    configFile: join(cwd, 'bot.config.json'),
    dataFolder: join(cwd, 'bot-data'),
    owners: [],
    models: { tiers: {}, providers: {} },
    isDemo: true,
    keepDays: 90,
    web: { isEnabled: true, port: 4310 },
    terminal: { isEnabled: false },
    discord: { channels: [], people: [] },
    skills: { folders: [], trustedDigests: [] },
    budget: { perPerson: [{ window: 'day', tokens: 200_000 }], extraTokens: 50_000 },
    approvals: { ttlMinutes: 30, askFor: [] },
    attachments: { maxFileBytes: 8_388_608, maxFiles: 6 },
    runs: { concurrency: 8, maxSteps: 25, timeoutMinutes: 10 },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    secrets: [],
  })
  // Who names no tools has all that there are.
  expect(agents).toEqual(builtInAgents.map((agent) => ({ tier: 'fast', tools: TOOLS, ...agent })))
})

test('what the file says is what holds', async () => {
  const file = {
    owners: ['discord:1'],
    web: { isEnabled: false, port: 0 },
    discord: { channels: ['1'], people: ['2'], guild: '3' },
    agents: [{ name: 'Ann', description: 'x', instructions: 'y', tier: 'smart', tools: ['web_fetch'] }],
    skills: { folders: [], trustedDigests: [`sha256-${'0'.repeat(64)}`] },
    budget: { perPerson: [], extraTokens: 1 },
    approvals: { ttlMinutes: 0.5, askFor: ['*_note', 'web_fetch'] },
    attachments: { maxFileBytes: 1, maxFiles: 0 },
    runs: { concurrency: 1, maxSteps: 1, timeoutMinutes: 1 },
    timeZone: 'Europe/Oslo',
  }
  expect(await settingsOf({ file, env: { DISCORD_TOKEN: 'a-discord-token' } })).toMatchObject({
    ...file,
    discordToken: 'a-discord-token',
  })
})

test('the config file of the app says the defaults', async () => {
  const { configFile, dataFolder, skills, ...own } = await settingsOf({ cwd: folderWith() })
  const { configFile: _file, dataFolder: _data, skills: _skills, ...defaults } = await settingsOf({})
  expect(own).toEqual(defaults)
  expect(configFile).toMatch(/\/apps\/bot\/bot\.config\.ts$/)
  expect(dataFolder).toBe(join(configFile, '../bot-data'))
  expect(skills).toEqual({ folders: [join(configFile, '../skills')], trustedDigests: [] })
})

const sources = (given: readonly string[]) => ({
  flags: given.includes('flag') ? { port: 1 } : {},
  env: given.includes('env') ? { EXECUTUS_BOT_PORT: '2' } : {},
  file: given.includes('file') ? { web: { port: 3 } } : {},
})

test.each([
  [['flag', 'env', 'file'], 1, '--port', ['EXECUTUS_BOT_PORT', 'file']],
  [['flag', 'file'], 1, '--port', ['file']],
  [['env', 'file'], 2, 'EXECUTUS_BOT_PORT', ['file']],
  [['file'], 3, 'file', undefined],
  [[], 4310, 'default', undefined],
])('of %j the first decides', async (given, port, source, overrules) => {
  const { settings, explained } = await readIn(sources(given))
  expect(settings.web.port).toBe(port)
  expect(explained.find(({ setting }) => setting === 'web.port')).toEqual({
    setting: 'web.port',
    value: String(port),
    source,
    ...(overrules !== undefined && { overrules }),
  })
})

test.each<[string, Scene, string, string]>([
  ['the file', { file: { dataFolder: 'data' } }, 'data', 'file'],
  ['the environment', { file: { dataFolder: 'data' }, env: { EXECUTUS_BOT_DATA: 'd' } }, 'd', 'EXECUTUS_BOT_DATA'],
  ['the command line', { env: { EXECUTUS_BOT_DATA: 'd' }, flags: { dataFolder: '../e' } }, '../e', '--data'],
])('the data folder of %s is an absolute path', async (_what, { file = {}, ...scene }, folder, source) => {
  const cwd = folderWith({ 'bot.config.json': JSON.stringify(file) })
  const { settings, explained } = await readIn({ ...scene, cwd })
  expect(settings.dataFolder).toBe(join(cwd, folder))
  expect(explained[0]).toMatchObject({ setting: 'dataFolder', value: join(cwd, folder), source })
})

test('folders of a file are looked for from its own folder, those of the environment from the current one', async () => {
  const cwd = folderWith()
  const other = folderWith({ 'my.json': '{"skills":{"folders":["mine"]}}' })
  mkdirSync(join(other, 'mine'))
  const scene = { cwd, flags: { config: join(other, 'my.json') } }
  const settings = await settingsOf(scene)
  expect(settings).toMatchObject({ dataFolder: join(other, 'bot-data'), skills: { folders: [join(other, 'mine')] } })
  expect(await settingsOf({ ...scene, env: { EXECUTUS_BOT_DATA: 'x' } })).toMatchObject({ dataFolder: join(cwd, 'x') })
})

test('skills are looked for beside the file where nobody says otherwise', async () => {
  const cwd = folderWith({ 'bot.config.json': '{}' })
  mkdirSync(join(cwd, 'skills'))
  expect((await settingsOf({ cwd })).skills.folders).toEqual([join(cwd, 'skills')])
})

test('owners of the file and of the environment are owners, each once', async () => {
  const scene = { file: { owners: ['discord:1', 'discord:2'] }, env: { EXECUTUS_BOT_OWNERS: 'discord:2,,discord:3,' } }
  const { settings, explained } = await readIn(scene)
  expect(settings.owners).toEqual(['discord:1', 'discord:2', 'discord:3'])
  expect(explained[1]).toMatchObject({ setting: 'owners', source: 'file, EXECUTUS_BOT_OWNERS' })
})

test('the terminal takes the place of the web chat', async () => {
  const { settings, explained } = await readIn({ file: { web: { isEnabled: true } }, flags: { isTerminal: true } })
  expect(settings).toMatchObject({ web: { isEnabled: false }, terminal: { isEnabled: true } })
  expect(explained).toContainEqual({
    setting: 'web.isEnabled',
    value: 'false',
    source: '--terminal',
    overrules: ['file'],
  })
})

test.each<[string, Scene]>([
  ['the terminal', { flags: { isTerminal: true } }],
  ['Discord', { env: { DISCORD_TOKEN: 'a-discord-token' } }],
])('without the web chat, %s is a way to talk', async (_what, scene) => {
  expect(await faultsOf({ ...scene, file: { web: { isEnabled: false } } })).toEqual([])
})

test('models are those of the environment and the file', async () => {
  const file = { tiers: { cheap: 'local/x' }, providers: { local: { baseUrl: 'http://127.0.0.1:1/v1' } } }
  const env = { ANTHROPIC_API_KEY: 'an-api-key-of-ours', EXECUTUS_PROVIDER_LOCAL_API_KEY: 'none' }
  const { settings, explained } = await readIn({ file, env })
  expect(settings).toMatchObject({
    isDemo: false,
    models: {
      tiers: { cheap: 'local/x', fast: 'anthropic/claude-haiku-4-5' },
      providers: { local: { baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'none', api: 'openai-chat' } },
    },
    secrets: ['an-api-key-of-ours'],
  })
  expect(explained).toContainEqual({ setting: 'tiers.cheap', value: 'local/x', source: 'file' })
})

test('a tier `fast` of the file alone is no demo', async () => {
  expect((await settingsOf({ file: { tiers: { fast: 'openai/x' } } })).isDemo).toBe(false)
  expect((await settingsOf({ file: { tiers: { slow: 'openai/x' } } })).isDemo).toBe(true)
})

test('nobody can change what was read, at any depth', async () => {
  const file = { tiers: { fast: ['openai/x'] }, agents: [{ name: 'a', description: 'x', instructions: 'y' }] }
  const settings = await settingsOf({ file, env: { DISCORD_TOKEN: 'a-discord-token' } })
  const open: string[] = []
  const look = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return
    if (!Object.isFrozen(value)) open.push(path)
    for (const [name, inner] of Object.entries(value)) look(inner, `${path}.${name}`)
  }
  look(settings, 'settings')
  expect(open).toEqual([])
  expect(Object.isFrozen(TOOLS)).toBe(false)
})

test.each(['ts', 'mts', 'js', 'mjs'])('a .%s file is run, and gives what it exports', async (ending) => {
  const name = `own.${ending}`
  const cwd = folderWith({
    [name]: 'export const config = { web: { port: 1 + 1 } }',
    'package.json': '{"type":"module"}',
  })
  expect(await settingsOf({ cwd, flags: { config: name } })).toMatchObject({
    configFile: join(cwd, name),
    web: { port: 2 },
  })
})

test('a JSON file may begin with a byte order mark', async () => {
  const cwd = folderWith({ 'bot.config.json': '\uFEFF{"web":{"port":7}}' })
  expect((await settingsOf({ cwd })).web.port).toBe(7)
})

test('a Map is no object of settings', async () => {
  const cwd = folderWith({ 'bot.config.ts': 'export const config = { web: new Map() }' })
  expect(await faultsOf({ cwd })).toEqual(['Expected `web` to be an object of settings, got an object'])
})

test.each<[string, Readonly<Record<string, string>>, string | undefined, (cwd: string) => string]>([
  ['is not there', {}, 'x.json', (cwd) => `There is no config file \`${cwd}/x.json\``],
  [
    'is of no known kind',
    { 'x.yaml': '' },
    'x.yaml',
    (cwd) => `Expected the config file \`${cwd}/x.yaml\` to end in .ts, .mts, .js, .mjs or .json`,
  ],
  [
    'is not JSON',
    { 'x.json': '{"a":1,}' },
    'x.json',
    (cwd) => `The config file \`${cwd}/x.json\` is not JSON: see line 1 column 8`,
  ],
  ['is empty', { 'x.json': '' }, 'x.json', (cwd) => `The config file \`${cwd}/x.json\` is not JSON`],
  [
    'exports something else',
    { 'x.ts': 'export default {}' },
    'x.ts',
    (cwd) => `Expected the config file \`${cwd}/x.ts\` to have \`export const config = …\``,
  ],
  [
    'throws',
    { 'x.ts': "throw new RangeError('no luck\\ntoday')" },
    'x.ts',
    (cwd) => `The config file \`${cwd}/x.ts\` does not run: RangeError: no luck`,
  ],
  [
    'throws what is no error',
    { 'x.ts': 'throw 5' },
    'x.ts',
    (cwd) => `The config file \`${cwd}/x.ts\` does not run: it threw something that is not an error`,
  ],
  [
    'is one of two',
    { 'bot.config.ts': '', 'bot.config.json': '' },
    undefined,
    () => 'Expected one config file in this folder, got `bot.config.ts` and `bot.config.json`',
  ],
])('a file that %s is told, with all else that is wrong', async (_what, files, config, fault) => {
  const cwd = folderWith(files)
  const scene = { cwd, ...(config !== undefined && { flags: { config } }), env: { EXECUTUS_BOT_PORT: 'x' } }
  const [first, second, ...others] = await faultsOf(scene)
  expect(first).toBe(fault(cwd))
  expect(second).toContain('EXECUTUS_BOT_PORT')
  expect(others).toEqual([])
})

test('a folder is no file', async () => {
  const cwd = folderWith()
  mkdirSync(join(cwd, 'x.json'))
  writeFileSync(join(cwd, 'y'), '')
  expect(await faultsOf({ cwd, flags: { config: 'x.json' } })).toEqual([
    `The config file \`${cwd}/x.json\` cannot be read (EISDIR)`,
  ])
})
