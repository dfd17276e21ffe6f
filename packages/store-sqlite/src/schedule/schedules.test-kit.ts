import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { ScheduleStore } from '@executus/schedule'
import type { OpenedStores } from '@executus/schedule/testing'

import { sqliteScheduleStore } from '../sqlite-schedule-store.ts'
import { change } from '../stores.test-kit.ts'

/** One new file, opened as often as one likes, for the conformance suite. */
export async function openSqliteJobs(): Promise<OpenedStores> {
  const folder = await mkdtemp(join(tmpdir(), 'store-sqlite-'))
  const path = join(folder, 'jobs.db')
  const opened: ScheduleStore[] = []
  return {
    async connect() {
      const store = await sqliteScheduleStore(path, { synchronous: 'normal' })
      opened.push(store)
      return store
    },
    damage(jobId) {
      change(path, `UPDATE jobs SET body = replace(body, '"missed"', '"mjssed"') WHERE job_id = '${jobId}'`)
      return Promise.resolve()
    },
    async close() {
      for (const store of opened) await store.close()
      await rm(folder, { recursive: true })
    },
  }
}
