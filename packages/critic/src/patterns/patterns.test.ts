import type { RunEventBody } from '@executus/core'
import { expect, test } from 'vitest'

import { checkPatterns, type PatternCause, type PatternOptions } from './pattern-options.ts'
import { Patterns } from './patterns.ts'

/** A call: its tool, what it is called with, what it gives; `!` in front of that for a failure. */
type Call = readonly [tool: string, argumentsText: string, result: string]

function watch(options: PatternOptions | true = true) {
  const patterns = new Patterns(checkPatterns(options)!)
  let step = 0
  const note = (body: RunEventBody) => patterns.note({ ...body, seq: 1, runId: 'r', atMs: 0 })
  /** One step; gives what is noticed at its end. */
  const take = (...calls: readonly Call[]): PatternCause | undefined => {
    step += 1
    const content = calls.map(([name, argumentsText], index) => ({
      type: 'tool-call' as const,
      id: `${step}-${index}`,
      name,
      argumentsText,
    }))
    for (const [index, [tool, , result]] of calls.entries())
      note({
        type: 'tool-call-end',
        step,
        callId: `${step}-${index}`,
        tool,
        elapsedMs: 1,
        result: {
          type: 'tool-result',
          callId: `${step}-${index}`,
          name: tool,
          content: [{ type: 'text', text: result }],
          isError: result.startsWith('!'),
        },
      })
    return note({ type: 'step-end', step, message: { role: 'assistant', content }, stopReason: 'stop' })
  }
  return { take, note }
}

const noticed = (steps: readonly (readonly Call[])[], options?: PatternOptions) => {
  const { take } = watch(options ?? true)
  return steps.map((calls) => take(...calls)).filter((cause) => cause !== undefined)
}
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

test.each<[string, readonly (readonly Call[])[], readonly PatternCause[]]>([
  ['the same call and result thrice', times(3, () => [['get', '{"a":1}', 'x']]), []],
  [
    'the same call and result four times',
    times(4, () => [['get', '{"a":1}', 'x']]),
    [{ type: 'repeated-action', tool: 'get', times: 4 }],
  ],
  [
    'arguments in another order and with other spaces',
    times(4, (n) => [['get', n % 2 === 0 ? '{"a":{"x":1,"y":2},"b":[1]}' : '{ "b": [1], "a": {"y":2, "x":1} }', 'x']]),
    [{ type: 'repeated-action', tool: 'get', times: 4 }],
  ],
  [
    'moments that differ, and UUIDs in results',
    times(4, (n) => [
      [
        'get',
        `{"at":"2026-01-0${n + 1}T12:00:00.00${n}Z","ms":176770080000${n}}`,
        `not at 2026-01-06 12:0${n} (request 0b9a3a5e-0000-4000-8000-00000000000${n})`,
      ],
    ]),
    [{ type: 'repeated-action', tool: 'get', times: 4 }],
  ],
  [
    'the same done to things of other UUIDs',
    times(8, (n) => [['delete', `{"id":"0b9a3a5e-0000-4000-8000-00000000000${n}"}`, 'done']]),
    [],
  ],
  ['pages that are turned', times(8, (n) => [['get', `{"page":${n}}`, 'x']]), []],
  ['results that differ', times(8, (n) => [['get', '{}', `row ${n}`]]), []],
  ['results that differ at their far end', times(8, (n) => [['get', '{}', `${'x'.repeat(60_000)}${n}`]]), []],
  ['a call that does something else in between', times(7, (n) => [[n === 3 ? 'set' : 'get', '{}', 'x']]), []],
  [
    'the same call beside others',
    times(4, (n) => [
      ['poll', '{}', 'no'],
      ['get', `{"page":${n}}`, `row ${n}`],
    ]),
    [{ type: 'repeated-action', tool: 'poll', times: 4 }],
  ],
  ['the same call four times in one step', [times(4, () => ['get', '{}', 'x'] as const)], []],
  [
    'the same call that fails thrice, each time otherwise',
    times(3, (n) => [['get', '{}', `!error ${n}`]]),
    [{ type: 'repeated-error', tool: 'get', times: 3 }],
  ],
  ['different calls that fail', times(6, (n) => [['get', `{"page":${n}}`, '!no']]), []],
  [
    'six steps between two calls',
    times(6, (n) => [[n % 2 === 0 ? 'open' : 'close', '{}', 'ok']]),
    [{ type: 'ping-pong', tools: ['open', 'close'], times: 6 }],
  ],
  ['five steps between two calls', times(5, (n) => [[n % 2 === 0 ? 'open' : 'close', '{}', 'ok']]), []],
  ['three calls in turn', times(12, (n) => [[['a', 'b', 'c'][n % 3]!, '{}', 'ok']]), []],
  ['three steps without a call', times(3, () => []), [{ type: 'monologue', times: 3 }]],
  ['steps without a call between others', times(9, (n) => (n % 3 === 2 ? [['get', `${n}`, 'x'] as const] : [])), []],
  [
    'arguments that are no JSON, or nested without end',
    times(8, (n) => [['get', n < 4 ? '{"a":' : '['.repeat(100_000) + ']'.repeat(100_000), 'x']]),
    [
      { type: 'repeated-action', tool: 'get', times: 4 },
      { type: 'repeated-action', tool: 'get', times: 4 },
    ],
  ],
])('%s', (_, steps, causes) => {
  expect(noticed(steps)).toEqual(causes)
})

test.each([
  ['that differ are other results', (n: number) => `AA${n}=`, 0],
  ['that are equal are the same result', () => 'AAA=', 1],
])('images %s', (_, base64Of, expected) => {
  const { note } = watch()
  const causes = times(4, (n) => {
    const callId = `c${n}`
    const image = { type: 'image' as const, mediaType: 'image/png', source: { base64: base64Of(n) } }
    const part = { callId, name: 'look', content: [image], isError: false }
    note({
      type: 'tool-call-end',
      step: n,
      callId,
      tool: 'look',
      elapsedMs: 1,
      result: { type: 'tool-result', ...part },
    })
    const content = [{ type: 'tool-call' as const, id: callId, name: 'look', argumentsText: '{}' }]
    return note({ type: 'step-end', step: n, message: { role: 'assistant', content }, stopReason: 'tool-calls' })
  })
  expect(causes.filter((cause) => cause !== undefined)).toHaveLength(expected)
})

test('what was noticed is noticed again when it has been done as often again', () => {
  expect(noticed(times(9, () => [['get', '{}', 'x']]))).toHaveLength(2)
})

test('the numbers are the host’s, and `Infinity` notices nothing', () => {
  const steps = times(2, () => [['get', '{}', '!x']] as const)
  expect(noticed(steps, { repeatedError: 2 })).toEqual([{ type: 'repeated-error', tool: 'get', times: 2 }])
  const never = Number.POSITIVE_INFINITY
  const off = { repeatedAction: never, repeatedError: never, pingPong: never, monologue: never }
  const many = times(20, () => [['get', '{}', '!x']] as const)
  expect(noticed(many, off)).toEqual([])
  expect(noticed(many, { repeatedAction: never, repeatedError: never })).toEqual([])
})

test('steps of different phases are no monologue, nor are those between which somebody spoke', () => {
  const { take, note } = watch()
  const seen: unknown[] = []
  for (let index = 0; index < 6; index++) {
    seen.push(take())
    if (index === 1) note({ type: 'phase-start', phase: 'p', index, model: 'm' })
    if (index === 3)
      note({
        type: 'steer-delivered',
        step: index,
        message: { role: 'user', content: [{ type: 'text', text: 'And?' }] },
      })
  }
  expect(seen).toEqual(times(6, () => undefined))
})
