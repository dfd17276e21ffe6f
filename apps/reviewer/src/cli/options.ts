export const FORMATS = ['text', 'markdown', 'json', 'sarif', 'rdjson'] as const
export type Format = (typeof FORMATS)[number]

/** What is taken, as the usage describes it. */
export const OPTIONS = {
  base: { type: 'string' },
  head: { type: 'string' },
  diff: { type: 'string' },
  pr: { type: 'string' },
  lens: { type: 'string', multiple: true },
  include: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  plan: { type: 'boolean', default: false },
  concurrency: { type: 'string' },
  'max-cost': { type: 'string' },
  timeout: { type: 'string' },
  format: { type: 'string', default: 'text' },
  output: { type: 'string' },
  events: { type: 'string' },
  'fail-on': { type: 'string' },
  'min-severity': { type: 'string', default: 'low' },
  'min-agreement': { type: 'string', default: '1' },
  post: { type: 'boolean', default: false },
  'max-comments': { type: 'string', default: '10' },
  help: { type: 'boolean', default: false, short: 'h' },
  version: { type: 'boolean', default: false },
} as const
