import { expect, test } from 'vitest'

import type { TrailItem } from '../../../../view/entry.ts'
import { repliesIn } from './replies.ts'

const text = (step: number, words: string): TrailItem => ({ type: 'text', step, text: words })
const tool = (callId: string): TrailItem => ({ type: 'tool', callId, tool: 'look', input: '{}', state: 'done' })

test('words before a call are part of the work', () => {
  const trail = [text(1, 'I look.'), tool('a'), tool('b'), text(2, 'Once more.'), tool('c')]
  expect(repliesIn(trail)).toEqual([{ work: trail }])
  expect(repliesIn([])).toEqual([])
})

test('words that no call followed are a reply, each with the work before it', () => {
  const [look, call, other, again] = [text(1, 'I look.'), tool('a'), text(4, 'I look again.'), tool('b')]
  expect(repliesIn([look, call, text(2, 'It is noon.'), text(3, 'And it rains.'), other, again])).toEqual([
    { work: [look, call], text: 'It is noon.' },
    { work: [], text: 'And it rains.' },
    { work: [other, again] },
  ])
})
