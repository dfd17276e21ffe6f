import { createAudit } from '@executus/audit'
import { createExecutor } from '@executus/core'
import { fakeClock, recordingLogger, scriptedModel } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { openBotDatabase } from '../../store/bot-database.ts'
import { openStores } from '../../store/stores.ts'
import { AuditNotes } from './audit-notes.ts'

function scene() {
  const clock = fakeClock()
  const logger = recordingLogger()
  const audit = createAudit({ clock, logger })
  const stores = openStores(openBotDatabase(':memory:'))
  const parts = { notes: stores.auditNotes, audit, clock, logger }
  const run = (runId: string) =>
    createExecutor({ tiers: { fast: scriptedModel([{ text: 'Hi.' }]) }, audit, clock, logger }).run(
      { name: 'a' },
      'Hello',
      { runId },
    )
  const notesOf = async (runId: string) => (await audit.entries(runId)).filter(({ type }) => type === 'note')
  return { clock, logger, stores, notes: new AuditNotes(parts), again: new AuditNotes(parts), run, notesOf }
}

const NOTE = { runId: 'r1', about: 'delivery', text: 'Part 1 may have arrived.' }

test('a word for a run is written into its record, and kept no more', async () => {
  const { notes, stores, run, notesOf } = scene()
  await run('r1')
  notes.keep({ ...NOTE, by: 'test:ann' })
  await notes.write()
  expect(await notesOf('r1')).toMatchObject([{ about: 'delivery', text: NOTE.text, by: 'test:ann' }])
  expect(stores.auditNotes.all()).toEqual([])
})

test('a word for a record that a crash took is written when it is there again', async () => {
  const { notes, clock, stores, run, notesOf, logger } = scene()
  notes.keep(NOTE)
  await notes.write()
  expect(stores.auditNotes.all()).toHaveLength(1)
  await run('r1')
  await clock.advance(5_000)
  await vi.waitFor(async () => expect(await notesOf('r1')).toHaveLength(1))
  expect(logger.lines).toEqual([])
})

test('a word that was written just before a crash is not written again', async () => {
  const { notes, again, run, notesOf } = scene()
  await run('r1')
  notes.keep(NOTE)
  await notes.write()
  again.keep(NOTE)
  await again.write()
  expect(await notesOf('r1')).toHaveLength(1)
})

test('a word for a run that never gets a record is told to the log after a day', async () => {
  const { notes, clock, stores, logger } = scene()
  notes.keep(NOTE)
  await notes.write()
  await clock.advance(25 * 60 * 60_000)
  await vi.waitFor(() => expect(stores.auditNotes.all()).toEqual([]))
  expect(logger.lines).toMatchObject([
    { level: 'warn', message: 'the audit of run r1 was not told: Part 1 may have arrived.' },
  ])
})
