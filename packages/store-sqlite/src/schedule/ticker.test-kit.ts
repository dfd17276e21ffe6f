// A process of its own, for the end-to-end tests: `node ticker.test-kit.ts <path> <nowMs> <work>`. It tells on stdout each
// firing that it begins, a line each, written at once; `die` ends it in the middle of the tenth.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { createSchedule } from '@executus/schedule'

import { sqliteScheduleStore } from '../sqlite-schedule-store.ts'

const [, , path = '', nowMs = '', work = ''] = process.argv
const store = await sqliteScheduleStore(path)
let begun = 0
const schedule = createSchedule({
  store,
  async run({ id }) {
    writeSync(1, `${id}\n`)
    begun += 1
    if (work === 'die' && begun === 10) process.kill(process.pid, 'SIGKILL')
    await sleep(Math.random() * 3)
  },
})
writeSync(1, 'ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
// What another process is at is left to it, so there may be more to do when that has ended.
for (let idle = 0; idle < 3;) {
  const reports = await schedule.tick(Number(nowMs))
  idle = reports.some(({ outcome }) => outcome === 'ran') ? 0 : idle + 1
  await sleep(5)
}
await store.close()
