/** List, read and search files inside one folder; with `write` also write and edit them. */
export { fileTools, type FileToolsOptions } from './files/file-tools.ts'

/** Think, tell the time, keep a list, know one's limits: what reaches nothing. */
export { commonTools } from './common-tools.ts'
export { currentTimeTool, type CurrentTimeOptions } from './current-time.ts'
export { selfStatusTool } from './self-status.ts'
export { thinkTool } from './think.ts'
export { todoListTool } from './todo-list.ts'

/** Read public web pages, and nothing that is not public: the guarded fetch is the only way to a URL from outside. */
export { webFetchTool, type WebFetchOptions } from './web/web-fetch.ts'
export { createGuardedFetch } from '../net/guarded-fetch.ts'
export type { GuardedFetch } from '../net/guarded-fetch-by.ts'
export type { GuardedRequest, GuardedResponse } from '../net/guard.ts'
export type { GuardedFetchOptions } from '../net/fetch-options.ts'
export type { FetchAudit } from '../net/fetch-audit.ts'
export {
  type FetchDenialCode,
  type FetchFailureCode,
  GuardedFetchError,
  type GuardedFetchErrorCode,
} from '../net/errors.ts'
