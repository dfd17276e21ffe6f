import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { OwnerLock } from './owner-lock.ts'
import { tempFolder } from './temp-folder.test-kit.ts'

test('owners of one process see each other live, and die once', () => {
  const folder = join(tempFolder(), 'owners')
  const [one, two] = [OwnerLock.take(folder), OwnerLock.take(folder)]
  expect([one.isDead(two.owner), two.isDead(one.owner), one.isDead(one.owner)]).toEqual([false, false, false])
  expect(readdirSync(folder).toSorted()).toEqual([`${one.owner}.lock`, `${two.owner}.lock`].toSorted())
  one.release()
  expect(two.isDead(one.owner)).toBe(true)
  expect(readdirSync(folder)).toEqual([`${two.owner}.lock`])
  two.release()
  expect(readdirSync(folder)).toEqual([])
})

test('a lock that was looked at holds on', () => {
  const folder = tempFolder()
  const [one, two, three] = [OwnerLock.take(folder), OwnerLock.take(folder), OwnerLock.take(folder)]
  for (let index = 0; index < 20; index++) expect(two.isDead(one.owner)).toBe(false)
  expect(three.isDead(one.owner)).toBe(false)
  for (const lock of [one, two, three]) lock.release()
})

test('who has no lock file is dead, and so is a name that is none of ours', () => {
  const folder = tempFolder()
  const lock = OwnerLock.take(folder)
  writeFileSync(join(folder, '..', 'precious.lock'), '')
  for (const owner of ['00000000-0000-4000-8000-000000000000', '', '../precious', lock.owner.toUpperCase()])
    expect(lock.isDead(owner)).toBe(true)
  expect(readdirSync(join(folder, '..'))).toContain('precious.lock')
  lock.release()
})

test('who cannot be looked at counts as alive', () => {
  const folder = tempFolder()
  const lock = OwnerLock.take(folder)
  const owner = '00000000-0000-4000-8000-000000000000'
  mkdirSync(join(folder, `${owner}.lock`))
  expect(lock.isDead(owner)).toBe(false)
  lock.release()
})

test('take() removes what dead owners left, whatever is in it', () => {
  const folder = tempFolder()
  for (const [index, text] of ['', 'no database, but long enough to look like one'.repeat(40)].entries())
    writeFileSync(join(folder, `00000000-0000-4000-8000-00000000000${index}.lock`), text)
  const lock = OwnerLock.take(folder)
  expect(lock.isDead('00000000-0000-4000-8000-000000000001')).toBe(true)
  expect(readdirSync(folder)).not.toContain('00000000-0000-4000-8000-000000000000.lock')
  lock.release()
})
