import { StoreError } from '@executus/core'

const NOT_ALLOWED = 'the bot may not write there'
const DAMAGED = 'a file there is damaged, or of another program; nothing of it was changed'

/** What is wrong with a folder, by the codes of the system and of SQLite. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: 'that disk can only be read',
  ENOSPC: 'that disk is full',
  EDQUOT: 'that disk is full',
  EEXIST: 'it is a file, and should be a folder',
  ENOTDIR: 'a part of it is a file, and should be a folder',
  EISDIR: 'something there is a folder, and should be a file',
  ENOENT: 'there is no such place',
  ELOOP: 'its links lead in a circle',
  SQLITE_NOTADB: DAMAGED,
  SQLITE_CORRUPT: DAMAGED,
  SQLITE_FULL: 'that disk is full',
  SQLITE_READONLY: NOT_ALLOWED,
  SQLITE_CANTOPEN: NOT_ALLOWED,
  SQLITE_IOERR: 'that disk does not work as it should',
}

/** Why the bot cannot keep its things, in words; any other error as it is. */
export function storageProblem(error: unknown, dataFolder: string): unknown {
  const failed = StoreError.is(error) ? error.cause : error
  const code = failed instanceof Error && 'code' in failed ? failed.code : undefined
  // SQLite's have what exactly failed behind them: SQLITE_IOERR_WRITE.
  const [known] = /^(?:E[A-Z]+|SQLITE_[A-Z]+)/.exec(String(code)) ?? []
  const words = known !== undefined && Object.hasOwn(WORDS, known) ? WORDS[known] : undefined
  if (words === undefined) return error
  return new Error(`The bot cannot keep its things in ${dataFolder}: ${words} (${String(code)}).`, { cause: error })
}
