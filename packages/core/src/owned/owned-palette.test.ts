import { expect, test } from 'vitest'

import type { Delegate } from '../delegation/palette.ts'
import type { RunInfo } from '../run-info.ts'
import { recordingLogger } from '../testing/recording-logger.ts'
import { memoryOwnedStore } from './memory-owned-store.ts'
import { admin, kit, type Note, noteKind } from './note.test-kit.ts'
import { ownedPalette } from './owned-palette.ts'
import { portsOf } from './owned-ports.ts'

const delegateOf = (name: string, { id, text }: Note): Delegate | undefined =>
  text === 'none' ? undefined : { kind: 'agent', name, description: text, agent: { name: id } }

test('a run delegates to what its caller sees, once by each name, and not as an admin', async () => {
  const store = memoryOwnedStore(noteKind)
  const { notes } = kit({ store })
  await notes.create({ name: 'tea', text: 'Private.', owner: 'ann' }, { as: admin })
  await notes.create({ name: 'milk', text: 'Shared.', visibility: 'shared', scope: 'club' }, { as: admin })
  await notes.create({ name: 'salt', text: 'none', visibility: 'public' }, { as: admin })
  const palette = ownedPalette(noteKind, portsOf(noteKind, { store }), delegateOf)
  const seen = async (info: Partial<RunInfo>) => {
    const names = ['tea', 'TEA', 'tea', 'milk', 'salt', 'other']
    const found = await palette.resolve(names, info as RunInfo, { signal: new AbortController().signal })
    return found.map(({ name, description }) => `${name}: ${description}`)
  }
  expect(await seen({ caller: 'ann' })).toEqual(['tea: Private.', 'TEA: Private.'])
  expect(await seen({ caller: 'bob', guild: 'club' })).toEqual(['milk: Shared.'])
  expect(await seen({})).toEqual([])
})

test('what is damaged is logged, and an end of the run is not waited out', async () => {
  const store = memoryOwnedStore(noteKind)
  store.list = () => Promise.resolve({ found: [], damaged: ['n-1'] })
  const logger = recordingLogger()
  const palette = ownedPalette(noteKind, portsOf(noteKind, { store, logger }), delegateOf)
  const info = {} as RunInfo
  expect(await palette.resolve(['tea'], info, { signal: new AbortController().signal })).toEqual([])
  expect(logger.lines.map(({ message }) => message)).toEqual(['What is kept of note n-1 is damaged'])
  await expect(palette.resolve(['tea'], info, { signal: AbortSignal.abort() })).rejects.toThrow('abort')
})

test('ports that are none are named', () => {
  for (const [options, message] of [
    [{ store: {} as never }, 'options.store'],
    [{ scopesOf: 'guild' as never }, 'options.scopesOf'],
    [{ clock: {} as never }, 'options.clock'],
    [{ ids: {} as never }, 'options.ids'],
    [{ logger: {} as never }, 'options.logger'],
  ] as const)
    expect(() => portsOf(noteKind, options)).toThrow(message)
})
