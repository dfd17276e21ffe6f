import { z } from 'zod'

import { defineTool } from '../../tool/define-tool.ts'
import type { Tool } from '../../tool/tool.ts'
import { type Folder, withFile } from './folder.ts'
import { pathResource } from './path-resource.ts'
import { readText } from './read-text.ts'
import { shownPath } from './shown-path.ts'

const LARGEST_BYTES = 10 * 1024 * 1024
const LONGEST_LINE = 2_000

/** The tool `read_file`. */
export function readFileTool(folder: Folder): Tool {
  return defineTool({
    name: 'read_file',
    description: 'Reads a text file, with line numbers.',
    effect: 'read',
    capabilities: ['fs.read'],
    input: z.object({
      path: z.string().describe('File, relative to the root.'),
      fromLine: z.int().min(1).default(1).describe('First line to show.'),
      lines: z.int().min(1).max(2_000).default(400).describe('How many lines to show.'),
    }),
    resources: ({ path }) => pathResource(folder, path),
    run: ({ path, fromLine, lines }) =>
      withFile(folder, path, async (file) => {
        const text = await readText(file, LARGEST_BYTES)
        if (text === undefined) return `${shownPath(file.path)} is not a text file (${file.sizeBytes} bytes).`
        const all = text.split(/\r?\n/)
        if (all.at(-1) === '') all.pop()
        if (all.length === 0) return `${shownPath(file.path)} is empty.`
        if (fromLine > all.length) throw new Error(`"${path}" has only ${all.length} lines`)
        const shown = all.slice(fromLine - 1, fromLine - 1 + lines)
        const last = fromLine + shown.length - 1
        const numbered = shown.map((line, index) => `${fromLine + index}\t${clip(line)}`)
        return [`${shownPath(file.path)}, lines ${fromLine}-${last} of ${all.length}:`, ...numbered].join('\n')
      }),
  })
}

function clip(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).toWellFormed()} [line cut]`
}
