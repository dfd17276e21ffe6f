import { runInNewContext } from 'node:vm'

import { expect, test } from 'vitest'

import { describeThrown } from './describe-thrown.ts'

const throwing = () => {
  throw new Error('no')
}
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const cyclic = new Error('round')
cyclic.cause = new Error('and round', { cause: cyclic })
const own = (key: string) => Object.defineProperty(new Error('x'), key, { get: throwing })

test.each<[string, unknown, string]>([
  ['an error', new Error('no such city'), 'no such city'],
  ['a text', 'plain', 'plain'],
  ['undefined', undefined, 'it threw undefined'],
  ['null', null, 'it threw null'],
  ['a number', 42, 'it threw 42'],
  ['a symbol', Symbol('s'), 'it threw Symbol(s)'],
  ['an error without words', new RangeError(''), 'RangeError'],
  ['nothing at all', new Error(''), 'no reason given'],
  ['an object', { code: 5 }, 'it threw {"code":5}'],
  ['an empty object', {}, 'it threw {}'],
  ['an object without prototype', Object.create(null), 'it threw {}'],
  ['an object with a message', { message: 'odd' }, 'odd'],
  ['an error of another realm', runInNewContext('new Error("far")'), 'far'],
  [
    'its cause',
    new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND x') }),
    'fetch failed (getaddrinfo ENOTFOUND x)',
  ],
  ['a cause that is no error', new Error('a', { cause: 'because' }), 'a (because)'],
  ['causes in a circle', cyclic, 'round (and round)'],
  ['the errors of an aggregate', new AggregateError([new Error('a'), 'b'], 'all failed'), 'all failed (a) (b)'],
  ['an error whose message throws', own('message'), 'Thrown: a value that cannot be described'],
  ['an error whose cause throws', own('cause'), 'x'],
  [
    'an error whose cause is a revoked proxy',
    new Error('x', { cause: revoked.proxy }),
    'x (a value that cannot be described)',
  ],
  ['a revoked proxy', revoked.proxy, 'a value that cannot be described'],
])('describeThrown() has words for %s', (_, thrown, words) => {
  expect(describeThrown(thrown)).toBe(words)
})

test('describeThrown() is short and well-formed however much there is to say', () => {
  let deep = new Error('0')
  for (let depth = 1; depth < 10_000; depth++) deep = new Error(String(depth), { cause: deep })
  expect(describeThrown(deep).length).toBeLessThan(100)
  const long = describeThrown(new Error('\ud800'.repeat(1_000_000)))
  expect(long.length).toBeLessThan(2_100)
  expect(long.isWellFormed()).toBe(true)
  expect(
    describeThrown(new AggregateError(Array.from({ length: 1_000 }, (_, n) => new Error(`e${n}`)))).length,
  ).toBeLessThan(100)
})
