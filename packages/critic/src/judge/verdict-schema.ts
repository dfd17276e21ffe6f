import type { Schema } from '@executus/core'

import { LONGEST_TEXT, readVerdict, type Verdict } from '../verdict.ts'

/** Reasons come first, so that they are thought of before the action. */
const JSON_SCHEMA = {
  type: 'object',
  properties: {
    reason: { type: 'string', description: 'Why, in one or two sentences.' },
    action: {
      type: 'string',
      enum: ['wait', 'nudge', 'extend', 'kill'],
      description: 'What is to become of the run.',
    },
    text: {
      type: 'string',
      maxLength: LONGEST_TEXT,
      description: 'What the run should read before its next step; needed for nudge.',
    },
    steps: { type: 'integer', minimum: 0, description: 'For extend: how many steps more.' },
    seconds: { type: 'integer', minimum: 0, description: 'For extend: how many seconds more.' },
  },
  required: ['reason', 'action'],
  additionalProperties: false,
}

/** A verdict as a model writes it. Written by hand, as no schema library is loaded where nobody asks for one. */
export const verdictSchema: Schema<unknown, Verdict> = {
  '~standard': {
    version: 1,
    vendor: 'executus',
    validate(value) {
      const { seconds, text, ...rest } = (value ?? {}) as Readonly<Record<string, unknown>>
      const timeMs = typeof seconds === 'number' ? seconds * 1_000 : (seconds ?? undefined)
      // Models write an empty text where they have none to write.
      const said = text === '' || text === null ? undefined : text
      const checked = readVerdict({ ...rest, steps: rest['steps'] ?? undefined, text: said, timeMs })
      return checked.ok
        ? { value: checked.value }
        : { issues: [{ message: checked.problem.replace('timeMs', 'seconds') }] }
    },
    jsonSchema: { input: () => ({ ...JSON_SCHEMA }), output: () => ({ ...JSON_SCHEMA }) },
  },
}
