import type { ExecutorOptions } from '@executus/core'

/** The models that review. */
export interface Fleet {
  readonly members: readonly FleetMember[]
  /** What an executor needs to ask them. */
  readonly options: Pick<ExecutorOptions, 'tiers' | 'providers' | 'models'>
  /** Set when no model was configured and the answers are scripted: every report says so. */
  readonly isDemo: boolean
}

export interface FleetMember {
  /** `provider/model`. */
  readonly spec: string
  /** What an agent names to be answered by it alone: never a chain, or two cells could be one model by failover. */
  readonly tier: string
  /** Short, unique in the fleet, for grids and reports. */
  readonly name: string
  /** Votes count by family: `claude`, `gpt`, `gemini`, `qwen`..., else the model's own name. */
  readonly family: string
  /** What bounds its calls: the provider, which stands for the key. */
  readonly key: string
}
