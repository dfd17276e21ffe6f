import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { serialise } from './serialise.ts'

const ROOM = 50_000
const textOf = (value: unknown, maxChars = ROOM) => serialise(value, maxChars).text

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
const throwing = () => {
  throw new Error('no')
}
const circle: { self?: unknown; list?: unknown[] } = {}
circle.self = circle
circle.list = [circle]
const bare = Object.assign(Object.create(null), { a: 1 }) as object
class Point {
  readonly x = 1
  get far() {
    return true
  }
}
class Empty {
  readonly #hidden = 1
  get isOdd() {
    return this.#hidden % 2 === 1
  }
}

test('serialise() writes any JSON value as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(typeof value !== 'string')
      expect(serialise(value, Number.POSITIVE_INFINITY)).toEqual({ text: JSON.stringify(value), isWhole: true })
    }),
  )
})

test('serialise() writes JSON values as JSON.stringify does also where it has to look at each part', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.jsonValue(), (value, other) => {
      const text = JSON.stringify({ value, other })
      expect(textOf({ value, other, strange: 1n }, Number.POSITIVE_INFINITY)).toBe(
        `${text.slice(0, -1)},"strange":"1"}`,
      )
    }),
  )
})

test.each<[string, unknown]>([
  ['absent fields', { a: undefined, b: 1 }],
  ['absent items', [undefined, 1]],
  ['a date', { at: new Date(0) }],
  ['a broken date', [new Date(Number.NaN)]],
  ['a URL', { url: new URL('https://example.com/a b') }],
  ['an own toJSON', { a: { toJSON: (key: string) => `for ${key}` } }],
  ['a toJSON that gives what has one', { toJSON: () => ({ a: [{ toJSON: () => 2 }] }) }],
  ['an instance with fields', [new Point()]],
  ['an object without prototype', bare],
  ['a key named __proto__', JSON.parse('{"__proto__":{"a":1}}')],
  ['the same object twice', [bare, bare, { bare }]],
  ['broken Unicode', { '\ud800': '\udc00' }],
  ['boxed values', [new Object(1), new Object('a'), new Object(true)]],
  ['minus zero', [-0]],
])('serialise() writes %s as JSON.stringify does', (_, value) => {
  const strange = [value, 1n]
  expect(textOf(value)).toBe(JSON.stringify(value))
  expect(textOf(strange)).toBe(`${JSON.stringify([value]).slice(0, -1)},"1"]`.replace('[undefined', '[null'))
})

test.each<[string, unknown, string]>([
  ['a text', 'as "it" is', 'as "it" is'],
  ['nothing', undefined, '(no output)'],
  ['an empty text', '', '(no output)'],
  ['null', null, 'null'],
  ['a circle', circle, '{"self":"[Circular]","list":["[Circular]"]}'],
  ['a BigInt', { n: 12n }, '{"n":"12"}'],
  ['a BigInt without end', 1n << 10_000n, '"[a BigInt of more than 1000 digits]"'],
  ['no number', [Number.NaN, -Infinity], '["NaN","-Infinity"]'],
  ['a function', { greet() {} }, '{"greet":"[function greet]"}'],
  ['a symbol', [Symbol('x')], '["Symbol(x)"]'],
  [
    'a Map',
    new Map<unknown, unknown>([
      ['a', 1],
      [{}, new Map()],
    ]),
    '{"a":1,"[Object]":{}}',
  ],
  ['a Set', { of: new Set([1, 'b']) }, '{"of":[1,"b"]}'],
  ['a RegExp', [/a"b/g], '["/a\\"b/g"]'],
  ['search parameters', new URLSearchParams({ a: '1' }), '"a=1"'],
  ['bytes', Buffer.from('abc'), '"[Buffer: 3 bytes]"'],
  [
    'bytes below',
    { body: new Uint8Array(4), raw: new ArrayBuffer(2) },
    '{"body":"[Uint8Array: 4 bytes]","raw":"[ArrayBuffer: 2 bytes]"}',
  ],
  ['numbers', { of: new Float32Array([1, 0.5]), big: new BigInt64Array([7n]) }, '{"of":[1,0.5],"big":["7"]}'],
  ['a Blob', new Blob(['abc'], { type: 'text/plain' }), '"[Blob: 3 bytes, text/plain]"'],
  ['a web stream', new Response('x').body, '"[ReadableStream: not read]"'],
  ['a stream of Node', Readable.from([]), '"[Readable: not read]"'],
  ['a promise', { later: Promise.resolve(1) }, '{"later":"[Promise]"}'],
  ['a weak map', [new WeakMap()], '["[WeakMap]"]'],
  ['an instance without fields', new Empty(), '"[Empty]"'],
  [
    'an object of another realm',
    runInNewContext('({ a: new Map([[1, new Set([2])]]), b: [/x/] })'),
    '{"a":{"1":[2]},"b":["/x/"]}',
  ],
  ['a revoked proxy', { a: 1, b: revoked() }, '{"a":1,"b":"[unserialisable]"}'],
  [
    'a getter that throws',
    {
      a: 1,
      get b() {
        return throwing()
      },
      c: 2,
    },
    '{"a":1,"b":"[unserialisable]","c":2}',
  ],
  ['a toJSON that throws', { a: { toJSON: throwing }, c: 2 }, '{"a":"[unserialisable]","c":2}'],
  ['a proxy that throws at everything', new Proxy({}, { ownKeys: throwing }), '"[unserialisable]"'],
])('serialise() has a form for %s', (_, value, text) => {
  expect(serialise(value, ROOM)).toEqual({ text, isWhole: true })
})

test('serialise() shows an error with its cause and its fields, and no stack', () => {
  const error = Object.assign(new TypeError('bad', { cause: new Error('deeper') }), { code: 'E_BAD' })
  expect(textOf({ error })).toBe(
    '{"error":{"name":"TypeError","message":"bad","cause":{"name":"Error","message":"deeper"},"code":"E_BAD"}}',
  )
  error.cause = error
  expect(textOf(error)).toContain('"cause":"[Circular]"')
  expect(textOf(new AggregateError([new Error('a')], 'all'))).toContain('"errors":[{"name":"Error","message":"a"}]')
})

test('serialise() stops at 64 levels, however deep a value is', () => {
  let deep: unknown = 'end'
  for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 === 0 ? [deep] : { deep }
  const text = textOf(deep)
  expect(text).toContain('"[too deep]"')
  expect(text.length).toBeLessThan(1_000)
  const endless = { toJSON: () => ({ again: endless }) }
  expect(textOf(endless)).toContain('"[too deep]"')
})

test('serialise() stops at the room there is, and says where and how much is missing', () => {
  expect(textOf({ rows: Array.from({ length: 1_000 }, (_, n) => ({ n })), total: 5 }, 30)).toBe(
    '{"rows":[{"n":0},{"n":1},{"n":\n[cut: 997 of 1000 items at rows, 1 of 2 keys, 1 of 1 keys at rows.2 are not shown]',
  )
  expect(textOf({ text: 'x'.repeat(100) }, 20)).toBe(
    '{"text":"xxxxxxxxxxx\n[cut: 89 of 100 characters at text are not shown]',
  )
  expect(textOf('x'.repeat(100), 20)).toBe(`${'x'.repeat(20)}\n[cut: 80 of 100 characters are not shown]`)
  expect(serialise([1, 2, 3], 3)).toEqual({ text: '[1,\n[cut: 2 of 3 items are not shown]', isWhole: false })
})

test('serialise() never looks at more than it shows', () => {
  const sparse: unknown[] = []
  sparse.length = 2 ** 32 - 1
  expect(textOf(sparse, 20)).toBe('[null,null,null,null\n[cut: 4294967291 of 4294967295 items are not shown]')
  let read = 0
  const watched = new Proxy(
    Array.from({ length: 100_000 }, () => 1),
    {
      get: (list, key) => (key === 'length' ? list.length : ((read += 1), list[Number(key)])),
    },
  )
  expect(textOf(watched, 100)).toContain(' of 100000 items are not shown]')
  expect(read).toBeLessThan(500)
  const long = 'x'.repeat(2 ** 29 - 24)
  expect(textOf({ long }, 10)).toBe('{"long":"x\n[cut: 536870887 of 536870888 characters at long are not shown]')
  expect(textOf(long, 1)).toBe('x\n[cut: 536870887 of 536870888 characters are not shown]')
})

test('serialise() is not drowned by one object that stands in many places', () => {
  let many: unknown = 'x'
  for (let depth = 0; depth < 60; depth++) many = [many, many]
  expect(textOf(many, 1_000).length).toBeLessThan(4_000)
})

test('serialise() gives well-formed text within the room, whatever comes and wherever it is cut', () => {
  const anything = fc.anything({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    withObjectString: true,
    withBoxedValues: true,
    withDate: true,
  })
  fc.assert(
    fc.property(
      fc.oneof(anything, fc.string({ unit: 'binary' })),
      fc.integer({ min: 1, max: 60 }),
      (value, maxChars) => {
        const { text, isWhole } = serialise(value, maxChars)
        const [kept = ''] = text.split('\n[cut: ')
        expect(text.isWellFormed()).toBe(true)
        expect(kept.length).toBeLessThanOrEqual(text === '(no output)' ? text.length : maxChars)
        expect(isWhole).toBe(!text.includes('\n[cut: '))
      },
    ),
  )
})
