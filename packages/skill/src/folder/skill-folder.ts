import { realpath } from 'node:fs/promises'

import { consoleLogger, type JsonObject, type Logger, type SessionToolFactory } from '@executus/core'
import { checkCount, checkKeys, checkPort, checkTexts, expected } from '@executus/core/check-option'

import type { SkillDiagnostic } from './diagnostic.ts'
import { folderTools } from './folder-tools.ts'
import type { LoadedSkill } from './load-skills.ts'
import { DEFAULT_FOLDER_BOUNDS, readFiles, type SkillFile, type SkillFolderBounds } from './read-files.ts'
import { catalogueOf, contentOf } from './skill-content.ts'

export interface SkillFolderOptions {
  /**
   * Whether a skill may be shown to models: whoever writes it tells them what to do. What it throws means no.
   * @default none is
   */
  readonly trust?: (skill: FolderSkill) => boolean | Promise<boolean>
  /** Digests of skills that are trusted as they are: one that has changed since is not. Looked at by each `reload`. */
  readonly trustedDigests?: Iterable<string>
  /** Names of skills that models are not to see. @default none */
  readonly disabled?: readonly string[]
  /** Whether the description of `activate_skill` lists the skills; if not, the host puts `catalogue()` somewhere. @default true */
  readonly isCatalogueInTool?: boolean
  readonly bounds?: SkillFolderBounds
  /** Told when `trust` throws. @default consoleLogger */
  readonly logger?: Logger
}

/** A skill of a folder. Unless it is trusted, no model hears of it. */
export interface FolderSkill {
  readonly name: string
  readonly description: string
  /** Its real path. */
  readonly folder: string
  readonly isTrusted: boolean
  /** Of all its files: what to keep of a skill that somebody has looked at. */
  readonly digest: string
  /** All of its front matter, with what the standard does not know; scalars are texts. */
  readonly fields: JsonObject
  /** By path. */
  readonly files: readonly SkillFile[]
  /** What is not as the standard has it. */
  readonly diagnostics: readonly SkillDiagnostic[]
}

/** Agent Skills (https://agentskills.io) of one or more folders. */
export interface SkillFolder {
  /** Makes `activate_skill` and `read_skill_file` for a run, with the skills as they are when it begins. */
  readonly sessionTools: SessionToolFactory
  /** Every skill that was found, trusted or not. */
  list(): readonly FolderSkill[]
  /** All that was found out, about skills and about what is none. */
  diagnostics(): readonly SkillDiagnostic[]
  /** What models may use, by name and description, as a text for instructions; empty when there is nothing. */
  catalogue(): string
  /** What activation gives of a trusted skill, for a person who asks for it by name; `undefined` when there is none. */
  contentOf(name: string): string | undefined
  /** Reads all folders anew; runs that have begun keep what they have. */
  reload(): Promise<void>
}

const OPTIONS = ['trust', 'trustedDigests', 'disabled', 'isCatalogueInTool', 'bounds', 'logger']

/**
 * Reads the skills in one or more folders: each folder in them with a `SKILL.md` is one. Of two that are trusted and have
 * one name, the one of the earlier path counts.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const skills = await skillFolder('.agents/skills', { trustedDigests: digestsThatSomebodyHasApproved })
 * const executor = createExecutor({ ...fromEnv(), sessionTools: skills.sessionTools })
 */
export async function skillFolder(
  paths: string | readonly string[],
  options: SkillFolderOptions = {},
): Promise<SkillFolder> {
  const all = typeof paths === 'string' ? [paths] : paths
  checkTexts('paths', all)
  checkKeys('options', options, OPTIONS)
  const { trust, trustedDigests = [], disabled = [], isCatalogueInTool = true, logger = consoleLogger } = options
  if (trust !== undefined && typeof trust !== 'function') throw expected('options.trust', 'a function', trust)
  if (typeof trustedDigests !== 'object' || !(Symbol.iterator in trustedDigests))
    throw expected('options.trustedDigests', 'a list or a set of digests', trustedDigests)
  checkTexts('options.disabled', disabled)
  if (typeof isCatalogueInTool !== 'boolean')
    throw expected('options.isCatalogueInTool', 'a boolean', isCatalogueInTool)
  checkPort('options.logger', logger, ['warn', 'error'])
  const bounds = boundsOf(options.bounds)
  const folder = new ReadSkills([...all], { trust, trustedDigests, disabled, isCatalogueInTool, bounds, logger })
  await folder.reload()
  return folder
}

/**
 * The digest of the folder of a skill: of the names and contents of all its files, but those of `.git`.
 *
 * Rejects when it has no `SKILL.md`, is larger than the bounds, or cannot be read.
 */
export async function digestOf(folder: string, options: { readonly bounds?: SkillFolderBounds } = {}): Promise<string> {
  checkKeys('options', options, ['bounds'])
  const { digest } = await readFiles(await realpath(folder), boundsOf(options.bounds))
  return digest
}

function boundsOf(bounds: SkillFolderBounds = {}): Required<SkillFolderBounds> {
  checkKeys('options.bounds', bounds, Object.keys(DEFAULT_FOLDER_BOUNDS))
  for (const [name, value] of Object.entries(bounds)) checkCount(`options.bounds.${name}`, value, 1)
  return { ...DEFAULT_FOLDER_BOUNDS, ...bounds }
}

interface Config extends Required<Omit<SkillFolderOptions, 'trust' | 'bounds'>> {
  readonly trust: SkillFolderOptions['trust']
  readonly bounds: Required<SkillFolderBounds>
}

/** What one reading gave; replaced as a whole. */
interface State {
  readonly skills: readonly FolderSkill[]
  readonly diagnostics: readonly SkillDiagnostic[]
  /** Trusted, and not shadowed by another. */
  readonly usable: readonly LoadedSkill[]
}

class ReadSkills implements SkillFolder {
  readonly #paths: readonly string[]
  readonly #config: Config
  #state: State = { skills: [], diagnostics: [], usable: [] }
  #reading: Promise<void> = Promise.resolve()

  constructor(paths: readonly string[], config: Config) {
    this.#paths = paths
    this.#config = config
  }

  readonly sessionTools: SessionToolFactory = () => {
    const { isCatalogueInTool, bounds } = this.#config
    const catalogue = isCatalogueInTool ? this.catalogue() : ''
    return { tools: folderTools(this.#shown(), { maxReadBytes: bounds.maxReadBytes, catalogue }) }
  }

  list(): readonly FolderSkill[] {
    return structuredClone(this.#state.skills)
  }

  diagnostics(): readonly SkillDiagnostic[] {
    return structuredClone(this.#state.diagnostics)
  }

  catalogue(): string {
    return catalogueOf(this.#shown())
  }

  contentOf(name: string): string | undefined {
    const skill = this.#state.usable.find((one) => one.name === name)
    return skill === undefined || this.#config.disabled.includes(name) ? undefined : contentOf(skill)
  }

  reload(): Promise<void> {
    // One after the other: an older reading must not replace a newer one.
    const reading = this.#reading.then(() => this.#read())
    this.#reading = reading.catch(() => {})
    return reading
  }

  /** What models see. */
  #shown(): readonly LoadedSkill[] {
    const { disabled } = this.#config
    return this.#state.usable.filter(
      ({ name, fields }) => !disabled.includes(name) && fields['disable-model-invocation'] !== 'true',
    )
  }

  async #read(): Promise<void> {
    const { bounds, trustedDigests } = this.#config
    const { loadSkills } = await import('./load-skills.ts') // with the YAML parser, which not every host needs
    const loaded = await loadSkills(this.#paths, bounds)
    const digests = new Set(trustedDigests)
    const diagnostics = [...loaded.diagnostics]
    const skills: FolderSkill[] = []
    const usable = new Map<string, LoadedSkill>()
    for (const skill of loaded.skills) {
      const { body: _, ...about } = skill
      const own = [...skill.diagnostics]
      const isTrusted = digests.has(skill.digest) || (await this.#isTrusted({ ...about, isTrusted: false }, own))
      const first = usable.get(skill.name)
      if (isTrusted && first === undefined) usable.set(skill.name, skill)
      // One that is not trusted must not keep another from being seen.
      if (isTrusted && first !== undefined)
        own.push({
          level: 'warning',
          code: 'shadowed',
          path: skill.folder,
          message: `${first.folder} has its name, ${skill.name}, and comes first`,
        })
      skills.push({ ...about, isTrusted, diagnostics: own })
      diagnostics.push(...own)
    }
    this.#state = { skills, diagnostics, usable: [...usable.values()] }
  }

  async #isTrusted(skill: FolderSkill, diagnostics: SkillDiagnostic[]): Promise<boolean> {
    const { trust, logger } = this.#config
    try {
      return (await trust?.(structuredClone(skill))) === true
    } catch (error) {
      logger.error(`Whether the skill ${skill.name} is trusted could not be told`, error)
      const message = 'Whether it is trusted could not be told, and so it is not'
      diagnostics.push({ level: 'warning', code: 'trust-failed', path: skill.folder, message })
      return false
    }
  }
}
