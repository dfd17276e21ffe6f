import { systemClock } from '@executus/core'
import { createSchedule } from '@executus/schedule'

// A clock that is moved by hand, over the night in which Oslo goes from UTC+1 to UTC+2. A real host leaves it out, and calls
// `schedule.loop({ signal })`.
let now = Date.parse('2026-03-28T05:00Z')
const clock = { ...systemClock, now: () => now }
const utc = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

const schedule = createSchedule({
  clock,
  timeZone: 'Europe/Oslo',
  run: ({ payload, dueAtMs }) => console.log(utc(dueAtMs), payload),
})

await schedule.add({ trigger: { cron: '0 7 * * *' }, payload: 'Good morning' })
await schedule.add({ trigger: { cron: '30 2 * * *' }, payload: 'Backup' }) // 2:30 is left out on the 29th
await schedule.add({ trigger: { at: '2026-03-29T18:00' }, payload: 'Call Eve' })
await schedule.add({ id: 'tea', trigger: { cron: '0 16 * * 1-5' }, missed: 'skip', payload: 'Tea' })

for (const end = now + 2 * 86_400_000; now < end; now += 3_600_000) await schedule.tick()

now += 3 * 86_400_000 // Nobody looks for three days: most jobs catch up once, and this one does not.
await schedule.tick()
for (const { outcome, dueAtMs } of await schedule.history('tea')) console.log(utc(dueAtMs), 'Tea', outcome)
