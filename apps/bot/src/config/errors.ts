const MARK = Symbol.for('executus.bot.ConfigFaults')

/** All that is wrong with the configuration, none of which repeats a secret. */
export class ConfigFaults extends Error {
  override readonly name = 'ConfigFaults'
  /** A line each, which names the setting. */
  readonly faults: readonly string[]
  readonly [MARK] = true

  constructor(faults: readonly string[]) {
    const head = faults.length === 1 ? 'This is wrong' : `These ${faults.length} things are wrong`
    super([`${head} with the configuration:`, ...faults.map((fault) => `  ${fault}`)].join('\n'))
    this.faults = faults
  }

  static is(error: unknown): error is ConfigFaults {
    return typeof error === 'object' && error !== null && MARK in error
  }
}
