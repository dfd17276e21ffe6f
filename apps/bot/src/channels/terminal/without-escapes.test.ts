import { expect, test } from 'vitest'

import { withoutEscapes } from './without-escapes.ts'

test.each([
  [String.raw`- **my\_agent**: knows \<b\> and C:\\ and \#1`, String.raw`- **my_agent**: knows <b> and C:\ and #1`],
  ['`/agent NAME` has another', '`/agent NAME` has another'],
  [String.raw`a \n stays, and \` is a tick`, String.raw`a \n stays, and ` + '` is a tick'],
  ['```text\ncalls x {"a":"\\\\_"}\n```\nwhole', '```text\ncalls x {"a":"\\\\_"}\n```\nwhole'],
])('%j is shown as %j', (markdown, shown) => {
  expect(withoutEscapes(markdown)).toBe(shown)
})
