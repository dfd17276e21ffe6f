const MARK = Symbol.for('executus.bot.ConfigFaults')

/** All that is wrong with the configuration, none of which repeats a secret. */
export class ConfigFaults extends Error {
  override readonly name = 'ConfigFaults'
  /** A line each, which names the setting. */
  readonly faults: readonly string[]
  /** Where settings were read from that are at fault; absent where none of it is. */
  readonly configFile: string | undefined
  readonly [MARK] = true

  constructor(faults: readonly string[], configFile?: string) {
    const head = faults.length === 1 ? 'This is wrong' : `These ${faults.length} things are wrong`
    const lines = [`${head} with the configuration:`, ...faults.map((fault) => `  ${fault}`)]
    super([...lines, ...(configFile === undefined ? [] : [`Its file is ${configFile}.`])].join('\n'))
    this.faults = faults
    this.configFile = configFile
  }

  static is(error: unknown): error is ConfigFaults {
    return typeof error === 'object' && error !== null && MARK in error
  }
}
