import { z } from 'zod'

import { defineTool } from '../../tool/define-tool.ts'
import type { Tool } from '../../tool/tool.ts'
import type { Folder } from './folder.ts'
import type { PathLock } from './path-lock.ts'
import { pathResource } from './path-resource.ts'
import { readBytes } from './read-text.ts'
import { replaceFile, withExisting } from './replace-file.ts'
import { shownPath } from './shown-path.ts'
import { type Target, withTarget } from './target.ts'
import { textBytes } from './text-bytes.ts'

const LARGEST_BYTES = 1024 * 1024

/** The tool `write_file`: a whole text file, new or replaced. */
export function writeFileTool(folder: Folder, lock: PathLock): Tool {
  return defineTool({
    name: 'write_file',
    description:
      'Writes a whole text file and makes the folders above it. A file that is there is replaced only with `overwrite`; ' +
      'to change a part of it use edit_file.',
    effect: 'write',
    // The same content again leaves the same file, and a file that has it already is no failure.
    replay: 'idempotent',
    capabilities: ['fs.write'],
    input: z.object({
      path: z.string().describe('File, relative to the root.'),
      content: z.string().describe('All that the file is to hold.'),
      overwrite: z.boolean().default(false).describe('Replace the file when there is one.'),
    }),
    resources: ({ path }) => pathResource(folder, path),
    run: ({ path, content, overwrite }, { signal }) => {
      const bytes = textBytes('content', content)
      if (bytes.length > LARGEST_BYTES)
        throw new Error(`content is larger than ${LARGEST_BYTES} bytes: write several files instead`)
      return withTarget(folder, path, { makeFolders: true }, (target) =>
        lock(target.path, () => writeAll(target, bytes, overwrite, signal)),
      )
    },
  })
}

async function writeAll(target: Target, bytes: Buffer, overwrite: boolean, signal: AbortSignal): Promise<string> {
  const place = shownPath(target.path)
  const old = await withExisting(target, async (file) => ({
    mode: file.mode,
    isSame: file.sizeBytes === bytes.length && bytes.equals(await readBytes(file, LARGEST_BYTES)),
  }))
  if (old?.isSame === true) return `${place} holds exactly this already.`
  if (old !== undefined && !overwrite)
    throw new Error(`"${target.asked}" exists: set overwrite to replace all of it, or change a part with edit_file`)
  await replaceFile(target, bytes, {
    ...(old !== undefined && { mode: old.mode }),
    mustBeNew: !overwrite,
    lastLook: async () => {
      signal.throwIfAborted()
      await withExisting(target, async () => undefined)
    },
  })
  return `${old === undefined ? 'Created' : 'Replaced'} ${place} (${bytes.length} bytes).`
}
