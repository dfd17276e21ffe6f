import { checkKeys, checkText, checkTexts, expected } from '../../check-option.ts'
import type { Tool } from '../../tool/tool.ts'
import { editFileTool } from './edit-file.ts'
import { openFolder } from './folder.ts'
import { listFilesTool } from './list-files.ts'
import { pathLock } from './path-lock.ts'
import { readFileTool } from './read-file.ts'
import { searchFilesTool } from './search-files.ts'
import { writeFileTool } from './write-file.ts'

/** Where file tools work, and whether they may change what is there. */
export interface FileToolsOptions {
  /** The folder that the tools can see. Nothing outside it can be reached, by `..`, by links or by races. */
  readonly root: string
  /** Names of folders, at any depth, that are not looked into. @default version control, dependencies, build output */
  readonly skip?: readonly string[]
  /** Adds `write_file` and `edit_file`. @default false */
  readonly write?: boolean
}

const SKIP = ['.git', 'node_modules', 'dist', 'build', 'coverage', '.turbo', '.next', '.venv', '__pycache__', 'target']

/**
 * The tools `list_files`, `read_file` and `search_files` over one folder, and with `write` also `write_file` and
 * `edit_file`. Files that hold secrets (`.env`, private keys, tool credentials) are neither read nor written; what steers
 * other programs (`.git`, `.github`, editor and shell settings) is not written. Calls that write one file wait for each
 * other, within one set of tools.
 *
 * @throws TypeError or RangeError when `root` is not a folder that is there
 */
export function fileTools(options: FileToolsOptions): readonly Tool[] {
  checkKeys('fileTools', options, ['root', 'skip', 'write'])
  checkText('fileTools.root', options.root)
  if (options.skip !== undefined) checkTexts('fileTools.skip', options.skip)
  if (options.write !== undefined && typeof options.write !== 'boolean')
    throw expected('fileTools.write', 'a boolean', options.write)
  const folder = openFolder(options.root, new Set(options.skip ?? SKIP))
  const reading = [listFilesTool(folder), readFileTool(folder), searchFilesTool(folder)]
  if (options.write !== true) return reading
  const lock = pathLock()
  return [...reading, writeFileTool(folder, lock), editFileTool(folder, lock)]
}
