import { expect, test } from 'vitest'

import { environmentFrom, withoutSecrets } from './from-env.ts'

test('an empty environment says nothing', () => {
  const nothing = { cwd: '/here', owners: [], secrets: [], faults: [] }
  expect(environmentFrom({}, '/here')).toEqual({ variables: {}, ...nothing })
  const blank = { DISCORD_TOKEN: '', EXECUTUS_BOT_DATA: ' ', EXECUTUS_BOT_PORT: '', EXECUTUS_BOT_OWNERS: ' , ' }
  expect(environmentFrom(blank, '/here')).toEqual({ variables: blank, ...nothing })
})

test('it says what its variables say, without the spaces around it', () => {
  const env = {
    DISCORD_TOKEN: ' a-discord-token\n',
    EXECUTUS_BOT_DATA: ' a folder ',
    EXECUTUS_BOT_PORT: ' 0 ',
    EXECUTUS_BOT_OWNERS: ' discord:1 ,discord:2',
  }
  expect(environmentFrom(env)).toMatchObject({
    discordToken: 'a-discord-token',
    dataFolder: 'a folder',
    port: 0,
    owners: ['discord:1', 'discord:2'],
    secrets: ['a-discord-token'],
    faults: [],
  })
})

test('what is wrong is not used', () => {
  const env = { DISCORD_TOKEN: 'two words', EXECUTUS_BOT_PORT: '65536', EXECUTUS_BOT_OWNERS: 'ann,discord:1' }
  const { discordToken, port, owners, faults } = environmentFrom(env)
  expect([discordToken, port, owners]).toEqual([undefined, undefined, ['discord:1']])
  expect(faults).toHaveLength(3)
})

test('variables that change later change nothing', () => {
  const env: Record<string, string> = { DISPLAY: ':0' }
  const { variables } = environmentFrom(env)
  env['DISPLAY'] = ':1'
  expect(variables).toEqual({ DISPLAY: ':0' })
})

test.each([
  ['DISCORD_TOKEN', true],
  ['ANTHROPIC_API_KEY', true],
  ['EXECUTUS_PROVIDER_MY_SERVER_API_KEY', true],
  ['AWS_SECRET_ACCESS_KEY', true],
  ['PGPASSWORD', true],
  ['CLIENT_SECRET', true],
  ['npm_config__authToken', true],
  ['PATH', false],
  ['SSH_AUTH_SOCK', false],
  ['EXECUTUS_TIER_FAST', false],
  ['MAX_TOKENS', false],
])('whether %s is a secret: %s', (name, isSecret) => {
  const env = { [name]: 'a-long-value' }
  expect(environmentFrom(env).secrets).toEqual(isSecret ? ['a-long-value'] : [])
  expect(withoutSecrets(env)).toEqual(isSecret ? {} : env)
})

test('what is too short for a secret is an ordinary word', () => {
  expect(environmentFrom({ OPENAI_API_KEY: 'ollama' }).secrets).toEqual([])
})
