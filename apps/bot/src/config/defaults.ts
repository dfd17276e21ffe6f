import type { BudgetLimitConfig } from './bot-config.ts'

/** The folder beside the config file in which everything is kept. */
export const DATA_FOLDER = 'bot-data'

/** The folder beside the config file in which skills are looked for. */
export const SKILLS_FOLDER = 'skills'

/** What holds where neither the command line nor the environment nor the file says something. */
export const DEFAULTS = Object.freeze({
  web: Object.freeze({ isEnabled: true, port: 4310 }), // a port that no well-known service has
  budget: Object.freeze({
    // About 40 answers with tools a day: enough to work with, and little enough to bound a loop.
    perPerson: Object.freeze<BudgetLimitConfig[]>([{ window: 'day', tokens: 200_000 }]),
    extraTokens: 50_000,
  }),
  approvals: Object.freeze({ ttlMinutes: 30, askFor: Object.freeze<string[]>([]) }),
  attachments: Object.freeze({ maxFileBytes: 8 * 1024 * 1024, maxFiles: 6 }), // a photo of a phone
  keepDays: 90, // a season: long enough to ask what happened
  runs: Object.freeze({ concurrency: 8, maxSteps: 25, timeoutMinutes: 10 }),
})
