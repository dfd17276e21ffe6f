import { createProviders, createTiers, type Model, userMessage } from '@executus/llm'
import { scriptedModel } from '@executus/llm/testing'
import { expect, test } from 'vitest'

import { scriptedHost } from '../testing/index.ts'
import { laneTiers } from './lane-tiers.ts'
import { createLane } from './lane.ts'

const request = { messages: [userMessage('Hello')] }

test('laneTiers() has the host’s own models take slots, in lists as well, and leaves specs as they are', async () => {
  const lane = createLane({ concurrency: 1 })
  const seen: number[] = []
  const model = (spec: string) =>
    scriptedModel(
      [
        () => {
          seen.push(lane.stats.running)
          return { text: spec }
        },
      ],
      { spec },
    )
  const tiers = laneTiers(
    { one: model('own/one'), many: ['one', model('own/two'), 'anthropic/claude-haiku-4-5'], named: 'one, many' },
    lane,
  )
  expect(tiers).toMatchObject({
    one: { spec: 'own/one' },
    many: ['one', { spec: 'own/two' }, 'anthropic/claude-haiku-4-5'],
    named: 'one, many',
  })
  const resolved = createTiers(tiers, createProviders())
  await resolved.resolve('one').stream(request).result()
  await (tiers['many'] as readonly Model[])[1]!.stream(request).result()
  expect(seen).toEqual([1, 1])
  expect(lane.stats.running).toBe(0)
})

test('laneTiers() asks for each model which lane is its own, and leaves one without a lane as it is', () => {
  const lane = createLane({ concurrency: 1 })
  const [one, two] = [scriptedModel([], { spec: 'own/one' }), scriptedModel([], { spec: 'own/two' })]
  const tiers = laneTiers({ fast: [one, two] }, ({ spec }) => (spec === 'own/one' ? lane : undefined))
  const [laned, free] = tiers['fast'] as readonly Model[]
  expect(laned).not.toBe(one)
  expect(free).toBe(two)
})

test('an executor’s model calls share their lane, whichever run makes them', async () => {
  const lane = createLane({ concurrency: 1 })
  let atWork = 0
  let most = 0
  const model = scriptedModel([])
  const counting: Model = {
    ...model,
    stream: (asked, options) => {
      const turn = scriptedModel([{ text: 'Hi.' }]).stream(asked, options)
      const result: typeof turn.result = async (onEvent) => {
        most = Math.max(most, ++atWork)
        await new Promise(setImmediate)
        const reply = await turn.result(onEvent)
        atWork -= 1
        return reply
      }
      return { result, [Symbol.asyncIterator]: () => turn[Symbol.asyncIterator]() }
    },
  }
  const { executor } = scriptedHost([], { tiers: { fast: counting }, lanes: { models: lane } })
  const results = await Promise.all(Array.from({ length: 5 }, () => executor.run({ name: 'a' }, 'go')))
  expect(results.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  expect(most).toBe(1)
  expect(lane.stats).toEqual({ running: 0, queued: 0, keys: {} })
})

test('lanes that are none are a mistake that names them', () => {
  expect(() => scriptedHost([], { lanes: { runs: {} as never } })).toThrow(
    'Expected `lanes.runs` to be an object with a method `acquire`',
  )
  expect(() => scriptedHost([], { lanes: { run: undefined } as {} })).toThrow('Did you mean `runs`?')
})
