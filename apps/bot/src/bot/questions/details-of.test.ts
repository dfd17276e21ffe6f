import type { ApprovalRequest } from '@executus/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { detailsOf } from './details-of.ts'

const request: ApprovalRequest = {
  id: 'q',
  runId: 'r',
  rootRunId: 'r',
  callId: 'c',
  tool: 'write_file',
  agentPath: ['helper'],
  input: {},
  resources: [],
  expiresAtMs: 0,
} as never

test('what the bot says of a call comes before what the model wrote', () => {
  const input = { path: 'a.txt', lines: [1, 2], content: 'one\ntwo' }
  const resources = [{ kind: 'path', value: '/data/a.txt' }] as never
  expect(detailsOf({ ...request, input, resources, reason: 'it writes' })).toBe(
    'Why it is asked: it writes\nIt touches: path /data/a.txt\npath: a.txt\nlines: [1,2]\ncontent: one\n    two',
  )
  expect(detailsOf(request)).toBe('')
})

test('no input passes for what the bot says, whatever its names and texts', () => {
  const words = fc.oneof(
    fc.constantFrom('\n', '\r', '\r\n', '\u2028', 'It touches: path /', 'Why it is asked: x', ' ', '    '),
    fc.string(),
  )
  const text = fc.array(words).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.dictionary(text, text), text, (input, value) => {
      const resources = [{ kind: 'path', value }] as never
      const lines = detailsOf({ ...request, input, resources }).split(/[\n\r\u2028\u2029]/)
      expect(lines[0]).toMatch(/^It touches: /)
      expect(lines.slice(1).filter((line) => /^(?:It touches|Why it is asked): /.test(line))).toEqual([])
    }),
  )
})

test('of an input that is too long the begin and the end are shown, and how much is not', () => {
  const content = `${'a'.repeat(30_000)}rm -rf`
  const details = detailsOf({ ...request, input: { content }, resources: [{ kind: 'path', value: 'x' }] as never })
  expect(details).toMatch(
    /^It touches: path x\ncontent: a{17991}\n… 10015 characters are not shown here …\n {4}a{1994}rm -rf$/,
  )
})
