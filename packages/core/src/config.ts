import { type Clock, systemClock } from '@executus/llm'

import type { PendingAttachments } from './attachments/pending-attachments.ts'
import { checkCount, checkKeys, checkOneOf, checkPort, expected } from './check-option.ts'
import { checkCompaction, type Compaction, type CompactionOptions } from './compaction/compaction-options.ts'
import type { Palette } from './delegation/palette.ts'
import { type DispatchGuard, memoryDispatchGuard } from './dispatch/dispatch-guard.ts'
import { type Ids, randomIds } from './ids.ts'
import type { CheckpointerFactory } from './journal/checkpointer.ts'
import type { LanesOptions } from './lane/lanes-options.ts'
import { liveSettings, type LiveSettings, type SettingsOptions } from './live-settings.ts'
import { consoleLogger, isolateLogger, type Logger } from './logger.ts'
import type { Approvals } from './permission/approvals.ts'
import type { Audit } from './ports/audit.ts'
import type { Budget } from './ports/budget.ts'
import type { Critic } from './ports/critic.ts'
import type { Delivery } from './ports/delivery.ts'
import type { FileStore } from './ports/file-store.ts'
import { type Identity, noIdentity } from './ports/identity.ts'
import type { SessionToolFactory } from './ports/session-tools.ts'
import { createRegistry, type ToolRegistry } from './tool/registry.ts'
import type { Tool } from './tool/tool.ts'

/** The tier of an agent that names none. */
export const DEFAULT_TIER = 'fast'

/** How long people have for an answer: the next day, at the same hour, is still in time. */
export const DEFAULT_APPROVAL_TTL_MS: number = 24 * 60 * 60 * 1_000

/** How an executor is wired. Everything is optional; `createExecutor({ ...fromEnv() })` is a good start. */
export interface ExecutorOptions extends SettingsOptions {
  /** The tools that agents may name. */
  readonly tools?: readonly Tool[]
  /** Who allows what must be asked for. @default nobody: such tools do not exist for the model */
  readonly approvals?: Approvals
  /** Milliseconds after which a request counts as declined. @default a day */
  readonly approvalTtlMs?: number
  /** Makes tools that belong to one run. */
  readonly sessionTools?: SessionToolFactory
  /** The agents and skills that runs may delegate to. @default none */
  readonly palette?: Palette
  /** When and how conversations are made smaller; `false` for never. @default at 0.7 of the model's window */
  readonly compaction?: CompactionOptions | false

  /** Keeps runs, so that they survive the process. @default nothing is kept */
  readonly checkpointer?: CheckpointerFactory
  /** Rejects a run whose journal cannot be opened, instead of running it without. @default false */
  readonly requireDurable?: boolean
  /** @default no budget */
  readonly budget?: Budget
  /** @default no critic */
  readonly critic?: Critic
  /** @default no audit */
  readonly audit?: Audit
  /** Brings answers to where invocations say. @default the caller reads the result */
  readonly delivery?: Delivery
  /** @default files join the input, and long tool output is cut */
  readonly fileStore?: FileStore
  /** Files that came before their run: those of its caller and channel, see `attachmentKey`. @default none */
  readonly attachments?: PendingAttachments
  /** @default a caller is the name that the host gave, without roles */
  readonly identity?: Identity
  /** @default one that knows the runs of this process */
  readonly dispatchGuard?: DispatchGuard

  /** @default systemClock */
  readonly clock?: Clock
  /** @default randomIds */
  readonly ids?: Ids
  /** Where faults of listeners and ports are told. @default consoleLogger */
  readonly logger?: Logger
}

/** Options as an executor uses them: checked and complete. */
export interface ExecutorConfig extends LiveSettings {
  readonly registry: ToolRegistry
  readonly approvals: Approvals | undefined
  readonly approvalTtlMs: number
  readonly sessionTools: SessionToolFactory | undefined
  readonly palette: Palette | undefined
  readonly compaction: Compaction | undefined
  readonly checkpointer: CheckpointerFactory | undefined
  readonly requireDurable: boolean
  readonly budget: Budget | undefined
  readonly critic: Critic | undefined
  readonly audit: Audit | undefined
  readonly delivery: Delivery | undefined
  readonly fileStore: FileStore | undefined
  readonly attachments: PendingAttachments | undefined
  readonly identity: Identity
  readonly dispatchGuard: DispatchGuard
  readonly lanes: LanesOptions
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
}

/** The ports, and what each must be able to do. */
const PORTS = {
  clock: ['now', 'after'],
  ids: ['next'],
  logger: ['warn', 'error'],
  config: ['load', 'watch'],
  approvals: ['ask'],
  palette: ['resolve'],
  checkpointer: ['begin', 'reopen'],
  budget: ['reserve'],
  critic: ['watch'],
  audit: ['open'],
  delivery: ['deliver', 'deliverError'],
  fileStore: ['save'],
  attachments: ['put', 'take'],
  identity: ['principalOf'],
  dispatchGuard: ['enter'],
} as const satisfies Partial<Record<keyof ExecutorOptions, readonly string[]>>

const OTHERS = [
  'tiers',
  'providers',
  'models',
  'failover',
  'limits',
  'tools',
  'permissions',
  'approvalTtlMs',
  'sessionTools',
  'compaction',
  'requireDurable',
  'lanes',
  'onModelCall',
] as const satisfies readonly Exclude<keyof ExecutorOptions, keyof typeof PORTS>[]

/** @throws TypeError or RangeError that names the option */
export function checkOptions(options: ExecutorOptions): ExecutorConfig {
  checkKeys('options', options, [...Object.keys(PORTS), ...OTHERS])
  for (const [name, methods] of Object.entries(PORTS)) {
    const port = options[name as keyof typeof PORTS]
    if (port !== undefined) checkPort(name, port, methods)
  }
  const { clock = systemClock, ids = randomIds, tools = [], sessionTools, requireDurable = false } = options
  const { approvalTtlMs = DEFAULT_APPROVAL_TTL_MS, lanes = {} } = options
  const logger = isolateLogger(options.logger ?? consoleLogger)
  if (!Array.isArray(tools)) throw expected('tools', 'a list of tools', tools)
  if (sessionTools !== undefined && typeof sessionTools !== 'function')
    throw expected('sessionTools', 'a function', sessionTools)
  if (typeof requireDurable !== 'boolean') throw expected('requireDurable', 'a boolean', requireDurable)
  if (requireDurable && options.checkpointer === undefined)
    throw new TypeError('Expected `checkpointer` to be given where `requireDurable` is set')
  if (options.delivery?.replay !== undefined)
    checkOneOf('delivery.replay', options.delivery.replay, ['once', 'idempotent'])
  checkCount('approvalTtlMs', approvalTtlMs, 1)
  checkKeys('lanes', lanes, ['runs', 'models'])
  if (lanes.runs !== undefined) checkPort('lanes.runs', lanes.runs, ['acquire'])
  const { approvals, palette, checkpointer, budget, critic, audit, delivery, fileStore, attachments } = options
  // The getters of the live settings must stay getters.
  return Object.freeze(
    Object.defineProperties(
      {
        registry: createRegistry(tools),
        approvals,
        approvalTtlMs,
        sessionTools,
        palette,
        compaction: checkCompaction(options.compaction),
        checkpointer,
        requireDurable,
        budget,
        critic,
        audit,
        delivery,
        fileStore,
        attachments,
        identity: options.identity ?? noIdentity,
        dispatchGuard: options.dispatchGuard ?? memoryDispatchGuard(),
        lanes,
        clock,
        ids,
        logger,
      },
      Object.getOwnPropertyDescriptors(liveSettings(options, clock, logger)),
    ),
  ) as ExecutorConfig
}
