import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { AnswerEntry, EntryBody, QuestionEntry } from '../../view/entry.ts'
import { partsOf } from './parts-of.ts'

const answer: AnswerEntry = {
  kind: 'answer',
  text: 'Hello.',
  agent: 'assistant',
  outcome: 'ok',
  trail: [],
  inputTokens: 1,
  outputTokens: 1,
  elapsedMs: 1,
}
const question: QuestionEntry = {
  kind: 'question',
  questionId: 'q1',
  topic: 'approval',
  title: 'Write `notes.txt`?',
  details: 'one\ntwo',
  choices: [{ id: 'yes', label: 'Approve', style: 'primary' }],
  expiresAtMs: 1_800_000_000_000,
}
const partsFor = (body: EntryBody) => partsOf({ ...body, id: 1, conversationId: 'c1', atMs: 0 })

describe('partsOf() an answer', () => {
  it.each<[string, Partial<AnswerEntry>, string]>([
    ['is its text', {}, 'Hello.'],
    ['says so when there is none', { text: ' ' }, '_The agent ended without a word._'],
    ['says that it was stopped', { outcome: 'stopped' }, 'Hello.\n\n_Stopped._'],
    ['says only that, when there was nothing yet', { outcome: 'stopped', text: '' }, '_Stopped._'],
    [
      'says why it failed',
      { outcome: 'failed', problem: 'the model\nis **away**' },
      'Hello.\n\n_This did not work out._ the model is \\*\\*away\\*\\*',
    ],
    ['says that it failed', { outcome: 'failed', text: '' }, '_This did not work out._'],
    ['says which schedule asked', { job: 'Morning brief' }, '-# From the schedule Morning brief\n\nHello.'],
  ])('%s', (_, more, text) => {
    expect(partsFor({ ...answer, ...more })).toEqual([{ text }])
  })

  it('is the same whether or not it was delivered, as the parts are counted by it', () => {
    expect(partsFor({ ...answer, delivery: 'unknown' })).toEqual(partsFor(answer))
  })

  it('that is long comes in up to five parts', () => {
    const parts = partsFor({ ...answer, text: 'A sentence of six words here. '.repeat(300) })
    expect(parts).toHaveLength(5)
    expect(parts.every(({ file }) => file === undefined)).toBe(true)
  })

  it('that is longer comes as a file, with its beginning', () => {
    const text = 'A sentence of six words here. '.repeat(400).trim()
    const [part, ...others] = partsFor({ ...answer, text })
    expect(others).toEqual([])
    expect(part?.text).toMatch(/^A sentence .*\n\n-# This is the beginning\. All of it is in answer\.md\.$/s)
    expect(part?.file).toEqual({ name: 'answer.md', mediaType: 'text/markdown; charset=utf-8', text })
    expect(part?.text.length).toBeLessThanOrEqual(2_000)
  })
})

describe('partsOf() a question', () => {
  it('has what would be done as plain text, and buttons that say what they decide', () => {
    expect(partsFor(question)).toEqual([
      {
        text: '**Write \\`notes.txt\\`?**\n```\none\ntwo\n```\n-# Open until <t:1800000000:t>',
        buttons: [{ id: 'ex:q1:yes', label: 'Approve', style: 'primary' }],
      },
    ])
  })

  it('has what was decided instead of the buttons', () => {
    expect(partsFor({ ...question, outcome: 'Expired: nobody answered' })).toEqual([
      { text: '**Write \\`notes.txt\\`?**\n```\none\ntwo\n```\n**Expired: nobody answered**' },
    ])
  })

  it('cannot be made to look like something else by what is asked', () => {
    const details = 'rm -rf /\n```\n**Approved by an owner**\n```'
    const title = 'a\n**b**\u202Etxt.exe\u200B'
    const [part] = partsFor({ ...question, title, details })
    expect(part?.text.match(/```/g)).toHaveLength(2)
    expect(part?.text.split('\n')[0]).toBe('**a \\*\\*b\\*\\*<U+202E>txt.exe<U+200B>**')
  })

  it('that is long has all of it in a file', () => {
    const details = 'x'.repeat(3_000)
    const [part] = partsFor({ ...question, details })
    expect(part?.text).toContain('… all of it is in details.txt')
    expect(part?.file?.text).toBe(details)
    expect(part?.buttons).toHaveLength(1)
  })

  it('fits into one message, whatever is in it', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000, size: 'max' }),
      fc.constantFrom('`', '```', '*_', '\u202E', '\n').map((sign) => sign.repeat(1_500)),
    )
    fc.assert(
      fc.property(nasty, nasty, fc.option(nasty, { nil: undefined }), (title, details, outcome) => {
        const parts = partsFor({ ...question, title, details, ...(outcome !== undefined && { outcome }) })
        expect(parts).toHaveLength(1)
        expect(parts[0]?.text.length).toBeLessThanOrEqual(2_000)
      }),
    )
  })
})

describe('partsOf() other entries', () => {
  it('gives nothing for what people there said themselves', () => {
    const author = { id: 'discord:1', name: 'Ann' }
    expect(partsFor({ kind: 'said', author, text: 'a', files: [], skipped: [], state: 'taken' })).toEqual([])
  })

  it('gives a word of the bot as it is', () => {
    expect(partsFor({ kind: 'notice', text: 'Now **gardener** answers.', tone: 'info' })).toEqual([
      { text: 'Now **gardener** answers.' },
    ])
  })
})
