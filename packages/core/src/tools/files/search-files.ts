import { z } from 'zod'

import { defineTool } from '../../tool/define-tool.ts'
import type { Tool } from '../../tool/tool.ts'
import { type Folder, withFile } from './folder.ts'
import { pathResource } from './path-resource.ts'
import { beginsAsText, readText } from './read-text.ts'
import { shownPath } from './shown-path.ts'
import { walk } from './walk.ts'

const MOST_MATCHES = 200
const MOST_MATCHES_A_FILE = 20
const LONGEST_MATCH = 300
const LARGEST_BYTES = 2 * 1024 * 1024
const MOST_LARGE_NAMED = 5
const DEEPEST = 32
// Beyond this a search says more about the machine's disk than about the folder.
const MOST_FILES = 20_000

/** The tool `search_files`. */
export function searchFilesTool(folder: Folder): Tool {
  return defineTool({
    name: 'search_files',
    description:
      'Finds lines that contain a text (not a pattern; upper and lower case are the same) in all text files below a folder. ' +
      'Gives `path:line: content` for each.',
    effect: 'read',
    capabilities: ['fs.read'],
    input: z.object({
      text: z.string().min(1).max(500).describe('What to look for.'),
      path: z.string().default('.').describe('Folder, relative to the root.'),
    }),
    resources: ({ path }) => pathResource(folder, path),
    run: async ({ text, path }, { signal }) => {
      if (/[\r\n]/.test(text)) throw new Error('Only single lines are searched: look for one line of it')
      const wanted = text.toLowerCase()
      const lines: string[] = []
      const large: string[] = []
      let matches = 0
      let files = 0
      let searched = 0
      for await (const entry of walk(folder, path, { maxDepth: DEEPEST, signal })) {
        if (entry.isFolder) continue
        files += 1
        if (files > MOST_FILES) break
        const content = await textOrNothing(folder, entry.path, large)
        if (content === undefined) continue
        searched += 1
        if (!content.toLowerCase().includes(wanted)) continue
        const found = linesWith(wanted, content)
        const shown = found.slice(0, Math.min(MOST_MATCHES_A_FILE, MOST_MATCHES - matches))
        const place = shownPath(entry.path)
        lines.push(...shown.map(([line, excerpt]) => `${place}:${line}: ${excerpt}`))
        matches += shown.length
        if (matches === MOST_MATCHES) break
        if (found.length > shown.length)
          lines.push(`[more in ${place}: its first ${MOST_MATCHES_A_FILE} matches are shown]`)
      }
      if (matches === 0) lines.push(`No match for "${text}" in ${searched} text files.`)
      if (matches === MOST_MATCHES) lines.push(`[stopped after ${MOST_MATCHES} matches]`)
      if (files > MOST_FILES) lines.push(`[stopped after ${MOST_FILES} files: search a folder further down]`)
      if (large.length > 0) lines.push(largeNote(large))
      return lines.join('\n')
    },
  })
}

/** A file that cannot be read or is no text takes no part in a search; one that is too large is added to `large`. */
async function textOrNothing(folder: Folder, path: string, large: string[]): Promise<string | undefined> {
  try {
    return await withFile(folder, path, async (file) => {
      if (file.sizeBytes <= LARGEST_BYTES) return readText(file, LARGEST_BYTES)
      if (await beginsAsText(file)) large.push(path)
      return undefined
    })
  } catch {
    return undefined
  }
}

function largeNote(large: readonly string[]): string {
  const named = large.slice(0, MOST_LARGE_NAMED).map(shownPath).join(', ')
  const rest = large.length - MOST_LARGE_NAMED
  return `[not searched, as larger than 2 MiB: ${named}${rest > 0 ? ` and ${rest} more` : ''}]`
}

/** The lines that hold `wanted`, with their numbers: one more than is shown of a file, to tell that there are more. */
function linesWith(wanted: string, content: string): readonly (readonly [number, string])[] {
  const found: [number, string][] = []
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (!line.toLowerCase().includes(wanted)) continue
    found.push([index + 1, excerptOf(line.trim(), wanted)])
    if (found.length > MOST_MATCHES_A_FILE) break
  }
  return found
}

/** The line, or of a long one the part around the match. */
function excerptOf(line: string, wanted: string): string {
  if (line.length <= LONGEST_MATCH) return line.toWellFormed()
  const start = Math.max(0, line.toLowerCase().indexOf(wanted) - LONGEST_MATCH / 3)
  const end = start + LONGEST_MATCH
  return `${start > 0 ? '…' : ''}${line.slice(start, end).toWellFormed()}${end < line.length ? '…' : ''}`
}
