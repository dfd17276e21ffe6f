import { z } from 'zod'

import { defineTool } from '../../tool/define-tool.ts'
import type { Tool } from '../../tool/tool.ts'
import type { Folder, FolderEntry } from './folder.ts'
import { pathResource } from './path-resource.ts'
import { shownPath } from './shown-path.ts'
import { walk } from './walk.ts'

const MOST_LISTED = 1_000

/** The tool `list_files`. */
export function listFilesTool(folder: Folder): Tool {
  return defineTool({
    name: 'list_files',
    description: 'Lists files and folders below a folder, one path a line; folders end with "/".',
    effect: 'read',
    capabilities: ['fs.read'],
    input: z.object({
      path: z.string().default('.').describe('Folder, relative to the root.'),
      depth: z.int().min(1).max(8).default(2).describe('How many levels deep to look.'),
    }),
    resources: ({ path }) => pathResource(folder, path),
    run: async ({ path, depth }, { signal }) => {
      const entries: FolderEntry[] = []
      for await (const entry of walk(folder, path, { maxDepth: depth, signal })) {
        entries.push(entry)
        if (entries.length > MOST_LISTED) break
      }
      if (entries.length === 0) return 'The folder is empty.'
      const shown = inTreeOrder(entries.slice(0, MOST_LISTED))
      const lines = shown.map((entry) => shownPath(entry.isFolder ? `${entry.path}/` : entry.path))
      if (entries.length > MOST_LISTED)
        lines.push(
          `[cut after ${MOST_LISTED} entries, the deepest left out: list a folder further down, or a smaller depth]`,
        )
      return lines.join('\n')
    },
  })
}

/** Folders before what is in them. NUL, which no name holds, sorts `a/b` before `a-b` as `a` is before `a-b`. */
function inTreeOrder(entries: readonly FolderEntry[]): readonly FolderEntry[] {
  const keyed = entries.map((entry) => ({ entry, key: entry.path.replaceAll('/', '\0') }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry)
}
