import type { ChangeSource } from '../change/change.ts'
import { parseDiff } from '../change/parse-diff.ts'
import { ForgeError } from './errors.ts'
import type { Forge } from './forge.ts'

const MOST_ATTEMPTS = 3

/** The change that a pull request is. Rejects with `ForgeError` and `DiffError`. */
export function forgeSource(forge: Forge): ChangeSource {
  return {
    async read({ signal }) {
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        const before = await forge.getPull({ signal, isFresh: true })
        const diff = await forge.getDiff({ signal })
        const { headSha, title, description } = await forge.getPull({ signal, isFresh: true })
        // Else the lines would be of one commit, and the comments on another.
        if (headSha === before.headSha) return { ...parseDiff(diff), title, description }
      }
      throw new ForgeError('refused', 'The pull request changes faster than it can be read')
    },
    readBase: async (path) => forge.getFile(path, (await forge.getPull()).baseSha),
    readHead: async (path) => forge.getFile(path, (await forge.getPull()).headSha),
  }
}
