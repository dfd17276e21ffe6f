import { expect, test } from 'vitest'

import { faultsOf, folderWith, type Scene } from './config-folder.test-kit.ts'

const AGENT = { name: 'a', description: 'Helps.', instructions: 'Help.' }
const agents = (...given: readonly object[]) => ({ agents: given.map((one) => ({ ...AGENT, ...one })) })
const tokens = 1_000

test.each<[unknown, string]>([
  [[], 'Expected `config` to be an object of settings, got an empty list'],
  ['x', 'Expected `config` to be an object of settings, got a text of 1 character'],
  [{ agnets: [] }, 'There is no setting `agnets`. Did you mean `agents`?'],
  [{ 'some thing else': 1 }, 'There is no setting `["some thing else"]`'],
  [{ dataFolder: ' ' }, 'Expected `dataFolder` to be a folder, got a blank text'],
  [{ owners: 'discord:1' }, 'Expected `owners` to be a list of owners, got a text of 9 characters'],
  [{ owners: ['discord:1', '1'] }, 'Expected `owners[1]` to be an owner like `discord:1234`, got the text `1`'],
  [{ owners: ['web:1'] }, 'Expected `owners[0]` to be an owner like `discord:1234`, got a text of 5 characters'],
  [{ web: null }, 'Expected `web` to be an object of settings, got `null`'],
  [{ web: { isEnabled: 'no' } }, 'Expected `web.isEnabled` to be `true` or `false`, got a text of 2 characters'],
  [{ web: { port: '4310' } }, 'Expected `web.port` to be an integer from 0 to 65535, got the text `4310`'],
  [{ web: { port: 80.5 } }, 'Expected `web.port` to be an integer from 0 to 65535, got `80.5`'],
  [{ web: { port: 65_536 } }, 'Expected `web.port` to be an integer from 0 to 65535, got `65536`'],
  [{ web: { prot: 1 } }, 'There is no setting `web.prot`. Did you mean `web.port`?'],
  [
    { discord: { channels: [12] } },
    'Expected `discord.channels[0]` to be an id of Discord: digits, in quotes, got `12`',
  ],
  [
    { discord: { people: ['ann'] } },
    'Expected `discord.people[0]` to be an id of Discord: digits, in quotes, got a text of 3 characters',
  ],
  [{ discord: { guild: '' } }, 'Expected `discord.guild` to be an id of Discord: digits, in quotes, got a blank text'],
  [{ agents: [] }, 'Expected `agents` to be a list of at least one agent, got an empty list'],
  [{ agents: ['x'] }, 'Expected `agents[0]` to be an agent, got a text of 1 character'],
  [
    agents({ name: ' x' }),
    'Expected `agents[0].name` to be a name of 1 to 64 characters, without spaces around it, got a text of 2 characters',
  ],
  [agents({ name: 'a' }, { name: 'A' }), 'Expected `agents[1].name` to be another than `agents[0].name`'],
  [agents({ description: '' }), 'Expected `agents[0].description` to be a text that is not blank, got a blank text'],
  [
    agents({ instructions: undefined }),
    'Expected `agents[0].instructions` to be a text that is not blank, got nothing',
  ],
  [
    agents({ tools: ['web_fetsh'] }),
    'Expected `agents[0].tools[0]` to be one of the tools of the bot, got a text of 9 characters. Did you mean `web_fetch`?',
  ],
  [agents({ tols: [] }), 'There is no setting `agents[0].tols`. Did you mean `agents[0].tools`?'],
  [{ skills: { folders: [''] } }, 'Expected `skills.folders[0]` to be a folder, got a blank text'],
  [
    { skills: { trustedDigests: ['sha256-0'] } },
    'Expected `skills.trustedDigests[0]` to be a digest: `sha256-` and 64 hexadecimal digits, got a text of 8 characters',
  ],
  [
    { budget: { perPerson: [{ window: 'days', tokens }] } },
    'Expected `budget.perPerson[0].window` to be one of hour, day, week, month, got a text of 4 characters. Did you mean `day`?',
  ],
  [
    { budget: { perPerson: [{ window: 'day' }] } },
    'Expected `budget.perPerson[0]` to be a limit: a window, and at least one of tokens, runs and costUsd, got an object',
  ],
  [
    { budget: { perPerson: [{ window: 'day', tokens: 0 }] } },
    'Expected `budget.perPerson[0].tokens` to be an integer of 1 or more, got `0`',
  ],
  [
    { budget: { perPerson: [{ window: 'day', runs: 0.5 }] } },
    'Expected `budget.perPerson[0].runs` to be an integer of 1 or more, got `0.5`',
  ],
  [
    { budget: { perPerson: [{ window: 'day', costUsd: 0 }] } },
    'Expected `budget.perPerson[0].costUsd` to be more than 0, got `0`',
  ],
  [
    { budget: { perPerson: [{ window: 'day', runs: 1, token: tokens }] } },
    'There is no setting `budget.perPerson[0].token`. Did you mean `budget.perPerson[0].tokens`?',
  ],
  [{ budget: { extraTokens: -1 } }, 'Expected `budget.extraTokens` to be an integer of 1 or more, got `-1`'],
  [
    { approvals: { ttlMinutes: 0 } },
    'Expected `approvals.ttlMinutes` to be a number of minutes: more than 0, and 10080 at most, got `0`',
  ],
  [
    { approvals: { askFor: ['save_notes'] } },
    'Expected `approvals.askFor[0]` to be a tool of the bot, or a pattern that fits one, got a text of 10 characters. Did you mean `save_note`?',
  ],
  [
    { approvals: { askFor: ['*', 'shell_*'] } },
    'Expected `approvals.askFor[1]` to be a tool of the bot, or a pattern that fits one, got a text of 7 characters',
  ],
  [
    { approvals: { askFor: ['save.note'] } },
    'Expected `approvals.askFor[0]` to be a tool of the bot, or a pattern that fits one, got a text of 9 characters. Did you mean `save_note`?',
  ],
  [{ attachments: { maxFileBytes: 0 } }, 'Expected `attachments.maxFileBytes` to be an integer of 1 or more, got `0`'],
  [{ attachments: { maxFiles: -1 } }, 'Expected `attachments.maxFiles` to be an integer of 0 or more, got `-1`'],
  [{ runs: { concurrency: 0 } }, 'Expected `runs.concurrency` to be an integer of 1 or more, got `0`'],
  [{ runs: { maxSteps: true } }, 'Expected `runs.maxSteps` to be an integer of 1 or more, got `true`'],
  [
    { runs: { timeoutMinutes: 10_081 } },
    'Expected `runs.timeoutMinutes` to be a number of minutes: more than 0, and 10080 at most, got `10081`',
  ],
  [
    { timeZone: 'Europ/Oslo' },
    'Expected `timeZone` to be a time zone like `Europe/Oslo`, got a text of 10 characters. Did you mean `Europe/Oslo`?',
  ],
  [{ providers: [] }, 'Expected `providers` to be an object of providers, got an empty list'],
  [{ providers: { local: 'x' } }, 'Expected `providers.local` to be an object of settings, got a text of 1 character'],
  [
    { providers: { local: { baseurl: 'http://h' } } },
    'There is no setting `providers.local.baseurl`. Did you mean `providers.local.baseUrl`?',
  ],
  [
    { providers: { local: { baseUrl: 'h' } } },
    'Expected `providers.local.baseUrl` in the file to be an http(s) URL without a user and a password',
  ],
  [{ tiers: 'x' }, 'Expected `tiers` in the file to be an object, got a string'],
  [{ models: { x: {} } }, 'Expected `models.x` in the file to be named `provider/model`'],
])('%j: %s', async (file, fault) => {
  expect(await faultsOf({ file })).toEqual([fault])
})

const NO_WAY =
  'Expected a way to talk to the bot: set `web.isEnabled` to true or `DISCORD_TOKEN` to a token, or say --terminal'
const ANTHROPIC_API_KEY = 'sk-ant-0123456789'

test.each<[string, Scene, string]>([
  ['no channel', { file: { web: { isEnabled: false } } }, NO_WAY],
  [
    'a port',
    { env: { EXECUTUS_BOT_PORT: '1e3' } },
    'Expected `EXECUTUS_BOT_PORT` to be an integer from 0 to 65535, got a text of 3 characters',
  ],
  [
    'an owner',
    { env: { EXECUTUS_BOT_OWNERS: 'discord:1, ann' } },
    'Expected entry 2 of `EXECUTUS_BOT_OWNERS` to be an owner like `discord:1234`, got a text of 3 characters',
  ],
  ['a token', { env: { DISCORD_TOKEN: 'two words' } }, 'Expected `DISCORD_TOKEN` to be printable ASCII without spaces'],
  [
    'a variable',
    { env: { EXECUTUS_BOT_OWNER: 'discord:1' } },
    'There is no variable `EXECUTUS_BOT_OWNER`. Did you mean `EXECUTUS_BOT_OWNERS`?',
  ],
  ['a key', { env: { OPENAI_API_KEY: 'two words' } }, 'Expected `OPENAI_API_KEY` to be printable ASCII without spaces'],
  [
    'a tier that is not there',
    { file: { tiers: { fast: 'smrt', smart: 'openai/x' } } },
    'Expected `tiers.fast` to be made of tiers and of specs like `anthropic/claude-haiku-4-5`, got a text of 4 characters. Did you mean `smart`?',
  ],
  [
    'a provider that is not there',
    { file: { tiers: { fast: ['openai/x', 'lcal/x'] }, providers: { local: { baseUrl: 'http://h' } } } },
    'Expected `tiers.fast` to name models of providers that there are, got a text of 6 characters. Did you mean `local`?',
  ],
  [
    'a tier that leads to itself',
    { file: { tiers: { fast: 'fast, openai/x' } } },
    'Expected `tiers.fast` to lead to models, not to itself',
  ],
  [
    'a tier of the environment',
    { env: { EXECUTUS_TIER_FAST: 'nope/x' } },
    'Expected `EXECUTUS_TIER_FAST` to name models of providers that there are, got a text of 6 characters',
  ],
  [
    'a tier of an agent',
    { file: agents({ tier: 'smrt' }), env: { ANTHROPIC_API_KEY } },
    'Expected `agents[0].tier` to be made of tiers and of specs like `anthropic/claude-haiku-4-5`, got a text of 4 characters. Did you mean `smart`?',
  ],
  [
    'a model of an agent',
    { file: agents({ tier: 'fast, nope/x' }), env: { ANTHROPIC_API_KEY } },
    'Expected `agents[0].tier` to name models of providers that there are, got a text of 6 characters',
  ],
])('%s is told by its name', async (_what, scene, fault) => {
  expect(await faultsOf(scene)).toEqual([fault])
})

test('of a circle every tier is told, and of those that lead into it none', async () => {
  expect(await faultsOf({ file: { tiers: { fast: 'b', b: 'c', c: 'b' } } })).toEqual([
    'Expected `tiers.b` to lead to models, not to itself',
    'Expected `tiers.c` to lead to models, not to itself',
  ])
})

test('a folder of skills that is named is there', async () => {
  const cwd = folderWith({ 'bot.config.json': '{"skills":{"folders":["."," none"]}}' })
  expect(await faultsOf({ cwd })).toEqual([
    `Expected \`skills.folders[1]\` to be a folder, and there is no \`${cwd}/ none\``,
  ])
})

test('in the demo an agent may be of any tier', async () => {
  expect(await faultsOf({ file: agents({ tier: 'smart' }, { name: 'b', tier: 'own/model' }) })).toEqual([])
})

test('everything that is wrong is told at once, each thing once', async () => {
  const scene = {
    file: {
      agnets: [],
      web: { port: -1.5, isEnabled: false },
      agents: [{ ...AGENT, name: '', tools: ['x'], tier: 'smart' }],
      providers: { local: { baseUrl: 'h', apiKye: 1 } },
      skills: { folders: ['none'] },
    },
    env: { EXECUTUS_BOT_PORT: 'x', EXECUTUS_TIER_FAST: 'a/', ANTHROPIC_API_KEY },
  }
  const faults = await faultsOf(scene)
  const names = faults.map((fault) => /`([^`]+)`/.exec(fault)?.[1])
  expect(names).toEqual([
    'providers.local.apiKye',
    'web.port',
    'agents[0].name',
    'agents[0].tools[0]',
    'agnets',
    'EXECUTUS_BOT_PORT',
    'EXECUTUS_TIER_FAST',
    'providers.local.baseUrl',
    'skills.folders[0]',
  ])
})
