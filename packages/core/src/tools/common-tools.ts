import type { Tool } from '../tool/tool.ts'
import { type CurrentTimeOptions, currentTimeTool } from './current-time.ts'
import { selfStatusTool } from './self-status.ts'
import { thinkTool } from './think.ts'
import { todoListTool } from './todo-list.ts'

/**
 * The tools that any agent can use and that reach nothing: `think`, `current_time`, `todo_list` and `self_status`.
 *
 * @throws TypeError or RangeError that names the option
 */
export function commonTools(options: CurrentTimeOptions = {}): readonly Tool[] {
  return [thinkTool(), currentTimeTool(options), todoListTool(), selfStatusTool()]
}
