import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { ChangedFile, DiffLine } from '../change/change.ts'
import { changedFile, hunk } from '../change/changes.test-kit.ts'
import { bundleFiles } from './bundle-files.ts'

const paths = (files: readonly ChangedFile[], maxTokens: number) =>
  bundleFiles(files, { maxTokens }).bundles.map(({ parts }) => parts.map(({ file }) => file.path))

test('what is read together is in one bundle', () => {
  const lines = Array.from({ length: 10 }, () => '+const a = 1')
  const files = [
    'src/a.test.ts',
    'src/b.ts',
    'src/z.ts',
    'src/a.ts',
    'locales/de.json',
    'test/b_test.ts',
    'locales/en-GB.json',
    'src/c.ts',
  ].map((path) => changedFile(path, lines))
  expect(paths(files, 250)).toEqual([
    ['locales/de.json', 'locales/en-GB.json'],
    ['src/a.test.ts', 'src/a.ts'],
    ['src/b.ts', 'src/c.ts'],
    ['src/z.ts', 'test/b_test.ts'],
  ])
  expect(paths(files, 100_000)).toHaveLength(1)
})

test('a hunk is split where it is too large alone, and its parts know their lines', () => {
  const long = changedFile('a.ts', [' x', ...Array.from({ length: 20 }, (_, index) => `+line ${index}`), '-y', ' z'])
  const { bundles } = bundleFiles([long], { maxTokens: 60 })
  expect(bundles.length).toBeGreaterThan(2)
  const lines = bundles.flatMap(({ parts }) => parts.flatMap(({ hunks }) => hunks))
  for (const part of lines) {
    const [first] = part.lines
    expect(part.newStart).toBe(first!.newLine ?? part.newStart)
    expect(part.oldStart).toBe(first!.oldLine ?? part.oldStart)
  }
  expect(lines.flatMap((part) => part.lines).filter(({ kind }) => kind !== 'context')).toHaveLength(21)
})

test('a line that no bundle can hold is told, and the others are reviewed', () => {
  const { bundles, tooLarge } = bundleFiles([changedFile('a.ts', ['+a', `+${'x'.repeat(900)}`, '+b'])], {
    maxTokens: 100,
  })
  expect(tooLarge).toEqual([
    {
      path: 'a.ts',
      reason: 'too-large',
      why: 'a.ts has a line that is too long for a model to look at',
      changedLines: 1,
    },
  ])
  expect(
    bundles
      .flatMap(({ parts }) => parts.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines)))
      .map(({ text }) => text),
  ).toEqual(['a', 'b'])
})

const line = fc
  .tuple(fc.constantFrom('+', '-', ' '), fc.string({ maxLength: 120 }))
  .map(([mark, text]) => mark + text.replaceAll('\n', ' '))
const file = fc
  .record({
    path: fc.tuple(
      fc.constantFrom('src', 'test', 'locales/de', ''),
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.constantFrom('.ts', '.test.ts', '.json'),
    ),
    hunks: fc.array(fc.array(line, { minLength: 1, maxLength: 40 }), { maxLength: 4 }),
  })
  .map(({ path: [folder, name, end], hunks }) => {
    const made = hunks.map((lines, index) => hunk(lines, 1 + index * 100))
    return changedFile(`${folder}/${name}${end}`, [], { hunks: made })
  })

test('every changed line is in exactly one bundle or told as too long, and no bundle is too large', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(file, { maxLength: 8, selector: ({ path }) => path }),
      fc.integer({ min: 30, max: 400 }),
      (files, maxTokens) => {
        const { bundles, tooLarge } = bundleFiles(files, { maxTokens })
        const changed = (lines: readonly DiffLine[]) => lines.filter(({ kind }) => kind !== 'context')
        const placed = bundles.flatMap(({ parts }) =>
          parts.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => changed(lines))),
        )
        const all = files.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => changed(lines)))
        expect(new Set(placed).size).toBe(placed.length)
        expect(placed.length + tooLarge.reduce((sum, { changedLines }) => sum + changedLines, 0)).toBe(all.length)
        for (const { tokens } of bundles) expect(tokens).toBeLessThanOrEqual(maxTokens)
        for (const { parts } of bundles)
          expect(new Set(parts.map(({ file: { path } }) => path)).size).toBe(parts.length)
      },
    ),
    { numRuns: 300 },
  )
})
