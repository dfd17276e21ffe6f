import { expect, test } from 'vitest'

import { faultsOf, folderWith, readIn, type Scene } from './config-folder.test-kit.ts'

const CANARY = 'sk-canary-0123456789'
// As a secret should be, and as people get it wrong; with a slash it looks like a model.
const FORMS: readonly unknown[] = [
  CANARY,
  `Bearer ${CANARY}`,
  `x/${CANARY}`,
  ` ${CANARY}\n`,
  [CANARY],
  { [`x`]: CANARY },
]

/** All that is said about a configuration, right or wrong. */
async function told(scene: Scene): Promise<string> {
  const faults = await faultsOf(scene)
  return JSON.stringify(faults.length > 0 ? faults : (await readIn(scene)).explained)
}

test.each<[string, (form: unknown) => unknown]>([
  ['the file', (form) => form],
  ['discord.token', (form) => ({ discord: { token: form } })],
  ['discordToken', (form) => ({ discordToken: form })],
  ['an apiKey', (form) => ({ providers: { local: { apiKey: form }, openai: { api_key: form } } })],
  ['a key', (form) => ({ providers: { local: { key: form, baseUrl: form, api: form, headers: { x: form } } } })],
  ['tiers', (form) => ({ tiers: { fast: form, smart: [form] } })],
  ['models', (form) => ({ models: { 'a/b': form, 'a/c': { contextWindow: form } } })],
  ['web', (form) => ({ web: { port: form, isEnabled: form } })],
  ['discord', (form) => ({ discord: { channels: [form], people: form, guild: form } })],
  [
    'an agent',
    (form) => ({ agents: [{ name: 'a', description: 'x', instructions: 'y', tools: [form], apiKey: form }] }),
  ],
  [
    'the tier of an agent',
    (form) => ({
      tiers: { fast: 'openai/x' },
      agents: [{ name: 'a', description: 'x', instructions: 'y', tier: form }],
    }),
  ],
  ['skills', (form) => ({ skills: { trustedDigests: [form] } })],
  ['a budget', (form) => ({ budget: { perPerson: [{ window: form, tokens: form }], extraTokens: form } })],
  ['approvals', (form) => ({ approvals: { ttlMinutes: form, askFor: [form] } })],
  ['owners', (form) => ({ owners: [form] })],
  ['timeZone', (form) => ({ timeZone: form })],
])('no secret in the place of %s is told', async (_what, fileWith) => {
  for (const form of FORMS) {
    const text = await told({ file: fileWith(form) })
    expect(text).toMatch(/^\["/) // it is a fault
    expect(text).not.toContain(CANARY)
  }
})

test.each([
  'DISCORD_TOKEN',
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'EXECUTUS_BOT_PORT',
  'EXECUTUS_BOT_OWNERS',
  'EXECUTUS_BOT_SECRET',
  'EXECUTUS_PROVIDER_LOCAL_API_KEY',
  'EXECUTUS_PROVIDER_LOCAL_API',
])('no secret in %s is told, right or wrong', async (variable) => {
  for (const form of FORMS.filter((one) => typeof one === 'string'))
    expect(await told({ env: { [variable]: form } })).not.toContain(CANARY)
})

test.each([
  [{ discord: { token: CANARY } }, '`discord.token`', '`DISCORD_TOKEN`'],
  [{ discordToken: CANARY }, '`discordToken`', '`DISCORD_TOKEN`'],
  [{ providers: { anthropic: { apiKey: CANARY } } }, '`providers.anthropic.apiKey`', '`ANTHROPIC_API_KEY`'],
  [{ providers: { openai: { apiKey: CANARY } } }, '`providers.openai.apiKey`', '`OPENAI_API_KEY`'],
  [{ providers: { 'my-own': { apiKey: CANARY } } }, '`providers.my-own.apiKey`', '`EXECUTUS_PROVIDER_MY_OWN_API_KEY`'],
  [{ web: { password: CANARY } }, '`web.password`', 'it'],
])('a secret in the file is sent to the environment: %j', async (file, setting, variable) => {
  expect(await faultsOf({ file })).toEqual([
    `${setting} is a secret: take it out of the file, and set ${variable} in the environment`,
  ])
})

test.each([
  ['bot.config.json', `{ "discord": { "token": ${CANARY} } }`],
  ['bot.config.json', `{ "discord": { "token": "${CANARY}`],
  ['bot.config.ts', `throw new Error('no ' + '${CANARY}')`],
])('no piece of a %s that cannot be read is told', async (name, text) => {
  // What a module throws may hold what it took from the environment.
  const faults = await faultsOf({ cwd: folderWith({ [name]: text }), env: { SOME_API_KEY: CANARY } })
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(`/${name}\` `)
  expect(faults[0]).not.toContain('canary')
})
