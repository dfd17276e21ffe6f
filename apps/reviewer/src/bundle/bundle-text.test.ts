import { expect, test } from 'vitest'

import { changedFile } from '../change/changes.test-kit.ts'
import { bundleFiles } from './bundle-files.ts'
import { bundleText } from './bundle-text.ts'

test('a bundle is text with marks, numbers of the new file, and lines to quote', () => {
  const file = changedFile('src/"a".ts', [' const a = 1', '-a += 1', '+a += 2', ' }'], {
    oldPath: 'src/b.ts',
    kind: 'renamed',
  })
  const [bundle] = bundleFiles([file], { maxTokens: 1_000 }).bundles
  expect(bundleText(bundle!)).toBe(
    [
      'File "src/\\"a\\".ts" (renamed from "src/b.ts")',
      '...',
      '  1|const a = 1',
      '-  |a += 1',
      '+ 2|a += 2',
      '  3|}',
    ].join('\n'),
  )
})

test('a name hides nothing from who reads it, and says nothing that people do not see', () => {
  const file = changedFile(`a\u202E${String.fromCodePoint(0xe0041)}\n.ts`, ['+a'])
  const [bundle] = bundleFiles([file], { maxTokens: 1_000 }).bundles
  expect(bundleText(bundle!).split('\n')[0]).toBe('File "a\\u202e\\udb40\\udc41\\n.ts" (modified)')
})
