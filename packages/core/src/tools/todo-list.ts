import { z } from 'zod'

import { defineTool } from '../tool/define-tool.ts'
import type { Tool } from '../tool/tool.ts'

const MARKS = { pending: '[ ]', 'in-progress': '[>]', done: '[x]' } as const

/**
 * The tool `todo_list`: the model's own plan for one run. It keeps nothing: the model sends the whole list each time and
 * reads it back, so the transcript holds it, and a run that is resumed in another process has lost nothing.
 */
export function todoListTool(): Tool {
  return defineTool({
    name: 'todo_list',
    description:
      'Keeps your list of what is to be done in this task. Send the whole list each time, as the new one replaces the ' +
      'old. Use it for work of several steps: one item in progress at a time, marked done as soon as it is.',
    effect: 'read',
    input: z.object({
      items: z
        .array(
          z.object({
            text: z.string().trim().min(1).max(500),
            status: z.enum(['pending', 'in-progress', 'done']).default('pending'),
          }),
        )
        .max(100),
    }),
    run: ({ items }) => {
      if (items.length === 0) return 'The list is empty.'
      const count = (status: keyof typeof MARKS) => items.filter((item) => item.status === status).length
      const lines = items.map(({ text, status }) => `${MARKS[status]} ${text.replaceAll(/\s+/g, ' ')}`)
      const summary = `${count('done')} of ${items.length} done, ${count('in-progress')} in progress`
      return [...lines, count('in-progress') > 1 ? `${summary}: finish one before the next` : summary].join('\n')
    },
  })
}
