// Do jobs at their times.
export { createSchedule, type LoopOptions, type Schedule } from './schedule.ts'
export type { ScheduleOptions } from './options.ts'
export type { Firing, RunFiring } from './firing/run-firing.ts'
export type { FiringReport } from './firing/firing-report.ts'
export { type AgentJobOptions, type AgentPayload, agentJob } from './agent-job.ts'

// Say when and what.
export type { FiringOutcome, FiringRecord, Job, JobChange, MissedPolicy, NewJob } from './job.ts'
export type { NamedTriggers } from './times/next-time.ts'
export type { AtTrigger, CronTrigger, EveryTrigger, NamedTrigger, NewTrigger, NextTime, Trigger } from './trigger.ts'

// Keep them.
export { type MemoryScheduleStore, memoryScheduleStore } from './memory-store.ts'
export type { DueQuery, JobPage, JobQuery, SaveOptions, ScheduleStore } from './schedule-store.ts'
