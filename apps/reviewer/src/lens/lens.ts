/** What a reviewer looks for. */
export interface Lens {
  /** Lower-case letters, digits and hyphens: `security`. */
  readonly name: string
  /** What it is about, for people. */
  readonly title: string
  /** What to look for and what to leave alone, for a model. */
  readonly instructions: string
}
