import type { ChangeSource } from './change.ts'
import { parseDiff } from './parse-diff.ts'

/** A change of which there is the diff alone: no file can be read beside it. */
export function diffSource(text: string): ChangeSource {
  return {
    read: async () => parseDiff(text),
    readBase: async () => undefined,
    readHead: async () => undefined,
  }
}
