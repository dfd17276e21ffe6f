// Run agents.
export { createExecutor, type Executor, type GenerateWithOptions, type ResumeOptions } from './executor.ts'
export { DEFAULT_APPROVAL_TTL_MS, DEFAULT_TIER, type ExecutorOptions } from './config.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { type Agent, checkAgent, type Phase } from './agent.ts'
export type { RunInput } from './input.ts'
export type { Invocation } from './invocation.ts'
export type { ResumedInvocation } from './run/open-run.ts'
export type { RunHandle } from './run/run-handle.ts'
export type { SteerReceipt } from './run/mailbox.ts'

// Give them tools.
export { defineTool, type ToolDefinition } from './tool/define-tool.ts'
export type {
  Reconciled,
  ReplayClass,
  RunProgress,
  Tool,
  ToolCapability,
  ToolContext,
  ToolEffect,
  ToolResource,
  ToolVisibility,
} from './tool/tool.ts'

// Say what they may do, and ask people.
export type {
  Asker,
  Audience,
  CallToJudge,
  PermissionMode,
  PermissionRule,
  PermissionRules,
  Permissions,
} from './permission/policy.ts'
export type { Decision, Verdict } from './permission/decision.ts'
export { type ApprovalDecision, type ApprovalRequest, type Approvals, approveLater } from './permission/approvals.ts'

// Let them delegate, and keep their conversations short.
export { type Delegate, type Palette, staticPalette } from './delegation/palette.ts'
export { joinPalettes } from './delegation/join-palettes.ts'
export type { CompactionOptions } from './compaction/compaction-options.ts'

// See what happens, and what came of it.
export type { RunEvent, RunEventBody, RunEventName, RunEventOf } from './event.ts'
export type { Ending, PhaseRecord, RunOutcome, RunResult, RunUsage } from './result.ts'
export { JournalError, type JournalErrorCode, RunError, type RunErrorCode } from './errors.ts'
export type { RunInfo } from './run-info.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'

// Bound what runs at once.
export {
  type AcquireOptions,
  createLane,
  type DrainOptions,
  type KeyStats,
  type Lane,
  type LaneStats,
} from './lane/lane.ts'
export type { LaneOptions } from './lane/lane-options.ts'
export type { Lease } from './lane/lease.ts'
export { LaneError, type LaneErrorCode } from './lane/errors.ts'
export { laneModel, type LaneModelOptions, laneProviders } from './lane/lane-models.ts'
export type { LanesOptions } from './lane/lanes-options.ts'
export {
  fanOut,
  type FanOutCell,
  type FanOutContext,
  type FanOutOptions,
  type FanOutProgress,
} from './fan-out/fan-out.ts'

// Keep runs, so that they survive the process.
export type {
  Call,
  CallAttempt,
  CallReconciled,
  Checkpointer,
  CheckpointerFactory,
  Outcome,
  Settled,
  Suspension,
  Wait,
} from './journal/checkpointer.ts'
export type {
  CallKind,
  CompactionEntry,
  JournalEntry,
  JournalEntryBody,
  MessageSource,
  StepReply,
  Summary,
  ToolOutcome,
} from './journal/entry.ts'

// Watch, bound and serve them.
export type { Audit, AuditRecorder } from './ports/audit.ts'
export type { Budget, BudgetAnswer, Reservation, ReserveOptions, Spent } from './ports/budget.ts'
export type { Critic, CriticWatch, WatchedRun } from './ports/critic.ts'
export type { Delivery, DeliveryContext } from './ports/delivery.ts'
export type { FileStore, FileToSave } from './ports/file-store.ts'
export { type Identity, noIdentity, type Principal } from './ports/identity.ts'
export type { Artifact } from './artifact.ts'
export type { Session, SessionToolFactory, SessionTools } from './ports/session-tools.ts'
export { type Dispatch, type DispatchGuard, memoryDispatchGuard } from './dispatch/dispatch-guard.ts'
export type {
  Attachment,
  AttachmentLabel,
  PendingAttachments,
  PutReceipt,
  TakenAttachments,
} from './attachments/pending-attachments.ts'
export { memoryAttachments, type MemoryAttachmentsOptions } from './attachments/memory-attachments.ts'
export { attachmentKey } from './run/stage-input.ts'
export { type ConfigChange, type ConfigSource, staticConfig } from './config-source/config-source.ts'
export { fileConfig, type FileConfigOptions } from './config-source/file-config.ts'
export { ConfigError, type ConfigErrorCode } from './config-source/errors.ts'
export type { Settings, SettingsOptions } from './live-settings.ts'

// Replace what it stands on.
export { type Ids, randomIds } from './ids.ts'
export { consoleLogger, isolateLogger, type Logger, noLogger } from './logger.ts'

// Models: what a light host needs of `@executus/llm`, so that one install and one import suffice.
export {
  type AssistantMessage,
  type AudioPart,
  type CallRecord,
  type CatalogueEntries,
  type Checked,
  type Clock,
  type ExplainedSetting,
  type FailoverOptions,
  type FilePart,
  type Generated,
  type ImagePart,
  type JsonObject,
  type JsonValue,
  type Message,
  type Model,
  type ModelConfig,
  ModelError,
  type ModelErrorCode,
  type ModelStopReason,
  type ProvidersConfig,
  type ProviderSettings,
  type Schema,
  type SchemaOutput,
  type TextPart,
  type TiersConfig,
  type ToolResultPart,
  type ToolSpec,
  type TierValue,
  type Usage,
  type UserMessage,
  userMessage,
  type UserPart,
  explain,
  fromEnv,
  systemClock,
  textOf,
} from '@executus/llm'
