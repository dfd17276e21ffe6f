import { z } from 'zod'

import { defineTool } from '../tool/define-tool.ts'
import type { Tool } from '../tool/tool.ts'

/** The tool `think`: room to think between two calls, for models that do not think by themselves. It does nothing else. */
export function thinkTool(): Tool {
  return defineTool({
    name: 'think',
    description:
      'A place to think: to weigh results, plan the next calls, or check a rule. It gets no new information and changes ' +
      'nothing.',
    effect: 'read',
    input: z.object({ thought: z.string().describe('What you think.') }),
    run: () => 'Noted.',
  })
}
