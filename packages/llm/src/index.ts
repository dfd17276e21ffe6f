// What is said: messages, and the parts that they are made of.
export {
  type AssistantMessage,
  type AssistantPart,
  type AudioPart,
  type FilePart,
  type ImagePart,
  type MediaSource,
  type Message,
  type MessageOrigin,
  type OpaquePart,
  type ProviderData,
  type ReasoningPart,
  type TextPart,
  textOf,
  type ToolCallPart,
  toolCallsOf,
  type ToolMessage,
  type ToolResultContent,
  type ToolResultPart,
  userMessage,
  type UserMessage,
  type UserPart,
} from './message.ts'
export type { JsonObject, JsonValue } from './json.ts'

// Who is asked: the port, and how to implement it.
export type {
  AttemptDiscarded,
  Model,
  ModelEvent,
  ModelReply,
  ModelRequest,
  ModelStopReason,
  ModelStream,
  OutputSpec,
  StreamOptions,
  ToolChoice,
  ToolSpec,
} from './model.ts'
export { type ModelCall, type ModelCallContext, modelStream } from './model-stream.ts'
export { ReplyBuilder } from './reply-builder.ts'
export { addUsage, noUsage, type Usage } from './usage.ts'

// Where models come from: specs, providers, tiers.
export { type ModelSpec, parseSpec, type SpecOptions } from './spec.ts'
export { createProviders, type Providers, type ProvidersConfig, type ProvidersOptions } from './providers.ts'
export type { ApiName, ProviderSettings } from './provider.ts'
export { createTiers, type Tiers, type TiersConfig, type TierValue } from './tiers.ts'

// What is configured: the environment and a config file, and why it came out so.
export { explain, fromEnv, type ModelConfig } from './from-env.ts'
export type { ExplainedSetting } from './settings/explain-setting.ts'

// Answers in a shape.
export { type Generated, type GenerateOptions, generateWith } from './generate-with.ts'
export { type Checked, checkWith, jsonSchemaOf, type Schema, type SchemaOutput } from './schema.ts'

// What it costs, and what is known about models.
export type { Attribution, CallRecord } from './call-record.ts'
export {
  type Catalogue,
  type CatalogueEntries,
  costOf,
  createCatalogue,
  type ModelFacts,
  type Price,
} from './catalogue.ts'
export { estimateTokens, type TokenAnchor, tokensOfText } from './estimate-tokens.ts'

// What goes wrong, and what is done about it.
export {
  ensureError,
  isFailover,
  isRetryable,
  ModelError,
  type ModelErrorCode,
  type ModelErrorDetails,
} from './errors.ts'
export { failover, type FailoverOptions } from './failover.ts'
export { createHealth, type ModelHealth } from './health.ts'
export { backoffMs, type BackoffOptions } from './backoff.ts'
export type { StallTimers } from './guard-stalls.ts'

// Pictures and files: what bytes are, and how a host makes images small enough for a provider.
export { mediaTypeOf } from './media/media-type.ts'
export type { ResizeImage, ResizeLimits } from './media/resize-image.ts'

// Helpers that harnesses share.
export { type Clock, monotonicMs, systemClock } from './clock.ts'
export { didYouMean, nearestName } from './nearest-name.ts'
