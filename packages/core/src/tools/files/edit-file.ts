import { z } from 'zod'

import { defineTool } from '../../tool/define-tool.ts'
import type { Tool } from '../../tool/tool.ts'
import { changeFile } from './change-file.ts'
import type { Folder } from './folder.ts'
import type { PathLock } from './path-lock.ts'
import { pathResource } from './path-resource.ts'
import { isBinary } from './read-text.ts'
import { replaceText } from './replace-text.ts'
import { shownPath } from './shown-path.ts'
import { withTarget } from './target.ts'
import { textBytes } from './text-bytes.ts'

const LARGEST_BYTES = 1024 * 1024
const MOST_LINES_NAMED = 20

/** The tool `edit_file`: replaces one text in a file by another. */
export function editFileTool(folder: Folder, lock: PathLock): Tool {
  return defineTool({
    name: 'edit_file',
    description:
      'Replaces a text in a file by another. oldText must stand in the file exactly once, letter by letter; give enough ' +
      'lines around the change to make it so.',
    effect: 'write',
    // Run again, it would find nothing, or its own new text and change that: the model is to look first.
    replay: 'once',
    capabilities: ['fs.write'],
    input: z.object({
      path: z.string().describe('File, relative to the root.'),
      oldText: z.string().min(1).describe('What stands there now, as read_file shows it, without line numbers.'),
      newText: z.string().describe('What is to stand there instead.'),
      replaceAll: z.boolean().default(false).describe('Replace every place where oldText stands.'),
    }),
    resources: ({ path }) => pathResource(folder, path),
    run: ({ path, oldText, newText, replaceAll }, { signal }) => {
      textBytes('oldText', oldText)
      textBytes('newText', newText)
      if (oldText === newText) throw new Error('oldText and newText are the same: there is nothing to change')
      return withTarget(folder, path, { makeFolders: false }, (target) =>
        lock(target.path, async () => {
          let lines: readonly number[] = []
          const edit = (old: Buffer) => {
            const replaced = replaceText(textOf(old, path), oldText, newText, replaceAll)
            lines = replaced.lines
            if (lines.length === 0) throw new Error(noMatch(path))
            if (lines.length > 1 && !replaceAll) throw new Error(manyMatches(path, lines))
            return Buffer.from(replaced.text, 'utf8')
          }
          await changeFile(target, edit, { maxBytes: LARGEST_BYTES, signal })
          return `Changed ${shownPath(target.path)} at ${named(lines)}.`
        }),
      )
    },
  })
}

/** @throws Error worded for the model when writing the text back would not give the same bytes */
function textOf(bytes: Buffer, path: string): string {
  if (isBinary(bytes)) throw new Error(`"${path}" is not a text file`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new Error(`"${path}" is not UTF-8: an edit would damage it`, { cause: error })
  }
}

function noMatch(path: string): string {
  return `oldText does not stand in "${path}": read the file and copy the text exactly, without line numbers`
}

function manyMatches(path: string, lines: readonly number[]): string {
  const where = `oldText stands in "${path}" ${lines.length} times (${named(lines)})`
  return `${where}: add the lines around the one that is meant, or set replaceAll`
}

function named(lines: readonly number[]): string {
  const shown = [...new Set(lines)].slice(0, MOST_LINES_NAMED).join(', ')
  const rest = new Set(lines).size - MOST_LINES_NAMED
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown}${rest > 0 ? ` and ${rest} more` : ''}`
}
