import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { type SkillDiagnostic, type SkillDiagnosticCode, SkillLeftOut } from './diagnostic.ts'
import { readFiles, type ReadFolder, SKILL_FILE, type SkillFolderBounds } from './read-files.ts'
import { readSkillText, type SkillText } from './read-skill-text.ts'

/** A skill of a folder, as it was read; it may not be trusted. */
export interface LoadedSkill extends Omit<SkillText, 'warnings'>, Pick<ReadFolder, 'files' | 'digest'> {
  /** Its real path. */
  readonly folder: string
  readonly diagnostics: readonly SkillDiagnostic[]
}

export interface LoadedSkills {
  /** In the order of the paths, and by folder name. */
  readonly skills: readonly LoadedSkill[]
  /** Of what is no skill. */
  readonly diagnostics: readonly SkillDiagnostic[]
}

const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/** Reads the skills in the folders of `paths`. What cannot be one is told, and hides no other. */
export async function loadSkills(paths: readonly string[], bounds: Required<SkillFolderBounds>): Promise<LoadedSkills> {
  const skills: LoadedSkill[] = []
  const diagnostics: SkillDiagnostic[] = []
  const seen = new Set<string>()
  for (const path of paths) {
    const tell = (code: SkillDiagnosticCode, at: string, message: string, level: SkillDiagnostic['level'] = 'error') =>
      diagnostics.push({ level, code, path: at, message })
    let count = 0
    for (const folder of await foldersIn(path, bounds.maxNames, tell)) {
      if (seen.has(folder) || !(await isThere(join(folder, SKILL_FILE)))) continue
      seen.add(folder)
      if (count >= bounds.maxSkills) {
        tell('too-many', path, `It has more than ${bounds.maxSkills} skills; ${folder} and those after it are left out`)
        break
      }
      count += 1
      try {
        skills.push(await loadSkill(folder, bounds))
      } catch (error) {
        const code = error instanceof SkillLeftOut ? error.code : 'unreadable'
        tell(code, folder, error instanceof Error ? error.message : String(error))
      }
    }
  }
  return { skills, diagnostics }
}

async function loadSkill(folder: string, bounds: Required<SkillFolderBounds>): Promise<LoadedSkill> {
  const { files, skillBytes, digest, warnings } = await readFiles(folder, bounds)
  const { warnings: said, ...text } = readSkillText(skillBytes, join(folder, SKILL_FILE), folder)
  const found = warnings.map((one): SkillDiagnostic => ({ ...one, level: 'warning', path: join(folder, one.path) }))
  return { ...text, folder, files, digest, diagnostics: [...said, ...found] }
}

type Tell = (code: SkillDiagnosticCode, at: string, message: string, level?: SkillDiagnostic['level']) => void

/** The real paths of the folders in a folder, by name. */
async function foldersIn(path: string, maxNames: number, tell: Tell): Promise<readonly string[]> {
  const names: string[] = []
  try {
    const root = await realpath(path)
    let count = 0
    for await (const entry of await opendir(root)) {
      count += 1
      if (count > maxNames) {
        tell('too-many', path, `It holds more than ${maxNames} names; the others are not looked at`)
        break
      }
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) names.push(entry.name)
      else if (entry.isSymbolicLink() && (await leadsToFolder(join(root, entry.name))))
        tell('link', join(root, entry.name), 'A link is not followed: name the folder that it leads to', 'warning')
    }
    return names.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => join(root, name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    tell('no-folder', path, `It is no folder that can be read (${code ?? String(error)})`)
    return []
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false, // it leads nowhere, or in a circle
  )
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    // What may not be looked at is told when it is read.
    (error: unknown) => !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''),
  )
}
