import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import type { ToolResource } from '../../tool/tool.ts'
import { checkPath, type Folder, insideOf } from './folder.ts'

/**
 * What a call with `path` touches: `{ kind: 'path', value: 'src/main.ts' }`, relative to the root. Links are followed, as
 * a rule about `private/**` would else be passed by a link `docs` to it.
 *
 * @throws Error worded for the model when the path leads outside
 */
export async function pathResource(folder: Folder, path: string): Promise<readonly ToolResource[]> {
  const real = await realPathOf(checkPath(folder, path))
  return [{ kind: 'path', value: insideOf(folder.root, real, path) }]
}

/** The real path of what is there, and what is not there yet below it. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const parent = dirname(path)
    if (parent === path) throw error
    return join(await realPathOf(parent), basename(path))
  }
}
