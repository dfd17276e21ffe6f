import { StoreError } from '@executus/core'
import { expect, test } from 'vitest'

import { storageProblem } from './storage-problem.ts'

const coded = (code: string) => Object.assign(new Error('raw'), { code })

test.each([
  [coded('EACCES'), 'the bot may not write there (EACCES)'],
  [coded('ENOSPC'), 'that disk is full (ENOSPC)'],
  [coded('SQLITE_FULL'), 'that disk is full (SQLITE_FULL)'],
  [coded('SQLITE_IOERR_WRITE'), 'that disk does not work as it should (SQLITE_IOERR_WRITE)'],
  [
    new StoreError('not-a-store', 'raw', { cause: coded('SQLITE_NOTADB') }),
    'a file there is damaged, or of another program; nothing of it was changed (SQLITE_NOTADB)',
  ],
])('%s is told in words', (error, words) => {
  expect(storageProblem(error, '/data')).toMatchObject({
    message: `The bot cannot keep its things in /data: ${words}.`,
    cause: error,
  })
})

test.each([
  new Error('The web chat may not use port 80', { cause: coded('EACCES') }),
  coded('EADDRINUSE'),
  new StoreError('busy', 'Another bot is at work', { cause: coded('SQLITE_BUSY') }),
  'thrown',
  undefined,
])('%s stays as it is', (error) => {
  expect(storageProblem(error, '/data')).toBe(error)
})
