/**
 * What was found out about a folder. As an error, the skill is left out; as a warning, it is there all the same.
 *
 * - `no-folder`, `unreadable`, `not-a-file`, `link`, `special-file`, `too-large`, `too-many`: of the files.
 * - `not-text`, `no-front-matter`, `bad-yaml`, `unquoted-colon`, `no-name`, `bad-name`, `name-mismatch`, `no-description`,
 *   `bad-field`: of `SKILL.md`.
 * - `shadowed`: another of its name comes first. `trust-failed`: `trust` threw, so it is not trusted.
 */
export type SkillDiagnosticCode =
  | 'no-folder'
  | 'unreadable'
  | 'not-a-file'
  | 'link'
  | 'special-file'
  | 'too-large'
  | 'too-many'
  | 'not-text'
  | 'no-front-matter'
  | 'bad-yaml'
  | 'unquoted-colon'
  | 'no-name'
  | 'bad-name'
  | 'name-mismatch'
  | 'no-description'
  | 'bad-field'
  | 'shadowed'
  | 'trust-failed'

export interface SkillDiagnostic {
  readonly level: 'warning' | 'error'
  readonly code: SkillDiagnosticCode
  /** The folder or the file that it is about. */
  readonly path: string
  readonly message: string
}

/** Why a skill is left out. */
export class SkillLeftOut extends Error {
  override readonly name = 'SkillLeftOut'
  readonly code: SkillDiagnosticCode

  constructor(code: SkillDiagnosticCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
