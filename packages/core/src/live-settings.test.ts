import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ConfigChange, ConfigSource } from './config-source/config-source.ts'
import type { Settings } from './live-settings.ts'
import { scriptedHost, scriptedModel, type ScriptTurn } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'

/** A source whose changes a test makes. */
function changingSource(current?: Settings) {
  const listeners = new Set<(change: ConfigChange<Settings>) => void>()
  const source: ConfigSource<Settings> = {
    current,
    load: () => Promise.resolve(current!),
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const tell = (change: ConfigChange<Settings>) => {
    for (const listener of listeners) listener(change)
  }
  return { source, listeners, change: (value: unknown) => tell({ ok: true, value: value as Settings }), tell }
}

const write = defineTool({ name: 'write', description: 'x', input: z.object({}), run: () => 'written' })
const agent = { name: 'a', tools: ['write'] }
const calls: ScriptTurn = { calls: [{ name: 'write' }] }

test('the settings of a source win over those beside it, from the first run on', async () => {
  const { source } = changingSource({ limits: { maxSteps: 1 } })
  const { executor } = scriptedHost([calls], { tools: [write], limits: { maxSteps: 5 }, config: source })
  expect(await executor.run(agent, 'go')).toMatchObject({ stopReason: 'step-limit', steps: 1 })
})

test('a change counts for runs that begin later; one that is under way keeps its models and limits', async () => {
  const { source, change } = changingSource()
  const newer = scriptedModel([{ text: 'new' }], { spec: 'own/newer' })
  const { executor, clock } = scriptedHost([{ ...calls, delayMs: 10 }, { text: 'old' }], {
    tools: [write],
    config: source,
  })
  const early = executor.start(agent, 'go')
  await clock.advance(1)
  change({ tiers: { fast: newer }, limits: { maxSteps: 1 } })
  const late = executor.start(agent, 'go')
  await clock.advance(10)
  expect(await early.result).toMatchObject({ status: 'ok', output: 'old', steps: 2 })
  expect(await late.result).toMatchObject({ status: 'ok', output: 'new', steps: 1 })
})

test('a change that leaves a setting out gives it back to the options', async () => {
  const { source, change } = changingSource({ limits: { maxSteps: 1 } })
  const { executor } = scriptedHost([calls, { text: 'Done.' }], { tools: [write], config: source })
  change({})
  expect(await executor.run(agent, 'go')).toMatchObject({ status: 'ok', steps: 2 })
})

test.each<[string, unknown, string]>([
  ['a limit that is none', { limits: { maxSteps: 0 } }, 'Expected `limits.maxSteps` to be an integer of 1 or more'],
  ['an unknown setting', { limit: {} }, 'Expected `config` to have no option `limit`. Did you mean `limits`?'],
  ['a setting that cannot change', { tools: [] }, 'Expected `config` to have no option `tools`'],
  ['an unknown tier', { tiers: { fast: 'fsat' } }, 'Expected tier `fsat`'],
  ['a mode that is none', { permissions: { mode: 'loose' } }, 'Expected `permissions.mode` to be one of'],
  ['nothing at all', null, 'Expected `config` to be an object, got `null`'],
])('%s is refused with a word to the log, and the old settings hold', async (_, value, message) => {
  const { source, change } = changingSource()
  const { executor, logger } = scriptedHost([{ text: 'Still here.' }], { config: source })
  change(value)
  expect(logger.lines).toEqual([
    {
      level: 'error',
      message: 'the new settings are refused, and the old ones hold',
      details: expect.objectContaining({ message: expect.stringContaining(message) }),
    },
  ])
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok', output: 'Still here.' })
})

test('a source that cannot be read is logged, and the old settings hold', async () => {
  const { source, tell } = changingSource({ permissions: { mode: 'readonly' } })
  const { executor, logger, model } = scriptedHost([{ text: 'Hi.' }], { tools: [write], config: source })
  const error = new Error('no such file')
  tell({ ok: false, error })
  expect(logger.lines).toMatchObject([{ level: 'error', details: error }])
  await executor.run(agent, 'go')
  expect(model.requests[0]?.tools).toEqual([])
})

test('settings that do not pass at the start are a mistake', () => {
  const { source } = changingSource({ limits: { maxSteps: -1 } })
  expect(() => scriptedHost([], { config: source })).toThrow('Expected `limits.maxSteps`')
})

test('shutdown() looks for changes no more', async () => {
  const { source, listeners } = changingSource()
  const { executor } = scriptedHost([], { config: source })
  expect(listeners.size).toBe(1)
  await executor.shutdown()
  expect(listeners.size).toBe(0)
})

test('what a listener for model calls throws is logged, and hurts no call', async () => {
  const { executor, logger } = scriptedHost([{ text: 'Hi.' }], { onModelCall: () => expect.fail('broken') })
  expect(await executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok' })
  expect(logger.lines).toMatchObject([{ message: 'onModelCall failed', details: { message: 'broken' } }])
})
