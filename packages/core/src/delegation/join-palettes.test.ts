import { expect, test } from 'vitest'

import { joinPalettes } from './join-palettes.ts'
import { type Palette, staticPalette } from './palette.ts'

const info = undefined as never
const options = { signal: new AbortController().signal }

test('joined palettes know what each knows, and the earlier one counts where tools would have one name', async () => {
  const first = staticPalette([{ name: 'ann b', description: 'first' }])
  const second = staticPalette([
    { name: 'ann_b', description: 'second' },
    { name: 'cat', description: 'third' },
  ])
  const found = await joinPalettes(first, second).resolve(['ann b', 'ann_b', 'cat', 'dog'], info, options)
  expect(found.map(({ name, description }) => [name, description])).toEqual([
    ['ann b', 'first'],
    ['cat', 'third'],
  ])
})

test('an agent and a skill of one name are two delegates', async () => {
  const skill: Palette = {
    resolve: () => [{ kind: 'skill', name: 'ann', description: 'a skill', agent: { name: 'skill' } }],
  }
  const found = await joinPalettes(staticPalette([{ name: 'ann', description: 'an agent' }]), skill).resolve(
    ['ann'],
    info,
    options,
  )
  expect(found.map(({ kind }) => kind)).toEqual(['agent', 'skill'])
})

test('a palette that fails fails the joined one', async () => {
  const broken: Palette = { resolve: () => Promise.reject(new Error('gone')) }
  await expect(joinPalettes(staticPalette([]), broken).resolve(['ann'], info, options)).rejects.toThrow('gone')
})

test('what is no palette is refused by its place', () => {
  expect(() => joinPalettes(staticPalette([]), {} as Palette)).toThrow(
    new TypeError('Expected `palettes[1]` to be an object with a method `resolve`, got an object'),
  )
})
