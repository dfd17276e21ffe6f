import { setImmediate as turn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { pathLock } from './path-lock.ts'

test('pathLock() lets calls for one path wait for each other, in order, and others not', async () => {
  const lock = pathLock()
  const seen: string[] = []
  const use = (name: string) => async () => {
    seen.push(`${name} begins`)
    await turn()
    await turn()
    seen.push(`${name} ends`)
  }
  await Promise.all([lock('a', use('one')), lock('A', use('two')), lock('b', use('other')), lock('a', use('three'))])
  expect(seen.filter((each) => !each.startsWith('other'))).toEqual([
    'one begins',
    'one ends',
    'two begins',
    'two ends',
    'three begins',
    'three ends',
  ])
  expect(seen.indexOf('other begins')).toBeLessThan(seen.indexOf('one ends'))
})

test('pathLock() goes on after a call that fails', async () => {
  const lock = pathLock()
  const failing = lock('a', () => Promise.reject(new Error('no')))
  const next = lock('a', async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
