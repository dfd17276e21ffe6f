// Watch over runs.
export { createCritic } from './critic.ts'
export type { CriticOptions } from './critic-options.ts'
export type { PatternCause, PatternOptions } from './patterns/pattern-options.ts'

// Decide what becomes of one that gets nowhere.
export { extendOnce, type ExtendOnceOptions } from './extend-once.ts'
export type { Escalator, Wake, WakeCause } from './escalator.ts'
export type { Activity, ToolAtWork } from './activity.ts'
export type { RecentEvent } from './recent-events.ts'
export type { Verdict } from './verdict.ts'

// Have a model decide.
export { type Judge, modelEscalator, type ModelEscalatorOptions } from './judge/model-escalator.ts'
