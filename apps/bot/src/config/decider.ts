import type { ExplainedSetting } from '@executus/core'

/** What one source says: `['--port', 4310]`, and `undefined` when it says nothing. */
export type Said<Value> = readonly [source: string, value: Value | undefined]

/** Decides settings, and remembers why each is as it is. */
export class Decider {
  /** In the order in which they were decided; no secret is in it. */
  readonly explained: ExplainedSetting[] = []

  /** What the first source says that says something, else the default. */
  pick<Value>(setting: string, fallback: Value, ...said: readonly Said<Value>[]): Value {
    const [winner = ['default', fallback] as const, ...others] = said.filter(([, value]) => value !== undefined)
    const [source, value] = winner
    this.note(setting, value, source, ...others.map(([name]) => name))
    return value as Value
  }

  /** What all sources say together. */
  join<Value>(setting: string, ...said: readonly Said<readonly Value[]>[]): readonly Value[] {
    const given = said.filter(([, values]) => values !== undefined && values.length > 0)
    const values = [...new Set(given.flatMap(([, some]) => some ?? []))]
    this.note(setting, values, given.map(([name]) => name).join(', ') || 'default')
    return values
  }

  note(setting: string, value: unknown, source: string, ...overrules: readonly string[]): void {
    this.explained.push({ setting, value: shown(value), source, ...(overrules.length > 0 && { overrules }) })
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ')
  if (typeof value !== 'object' || value === null) return `${value as string | number | boolean | null}`
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `${name} ${shown(inner)}`)
    .join(' ')
}
