import { expect, test } from 'vitest'

import { clusterMarkdown, markdownReport } from './markdown-report.ts'
import { cleanReview, fleet, hole, nasty, richReview, steeringIn } from './review.test-kit.ts'

const all = { minSeverity: 'low', minAgreement: 1 } as const
const short = (text: string) => text.replaceAll(/x{100,}/g, 'xxx')

test('a page is headed by what was not looked at, and folds away what is not to be acted on', () => {
  expect(short(markdownReport(richReview(), all))).toBe(`## Review: incomplete, 3 findings

**INCOMPLETE: 5 of 8 cells (2 models x 2 lenses x 2 bundles)**

- gpt x security failed: 429 too many requests (2 bundles)
- gpt x tests timeout: no answer in 300 s

### critical: Untrusted text is run as code

\`src/login.ts:12\`

\`\`\`
const user = eval(name)
\`\`\`

Whoever names a user runs code on the server.

Instead:

\`\`\`
const user = JSON.parse(name)
\`\`\`

<sub>2 of 2 families (claude, gpt), confirmed by gpt</sub>

### high: The check is gone

\`src/login.ts (deleted line 3)\`

\`\`\`
check(user)
\`\`\`

Whoever names a user runs code on the server.

<sub>1 of 2 families (claude), not verified: gpt gave no answer: 429</sub>

### medium: Look &lt;img src=x> \`@team\` # \`here\`

\`src/ü [x]#1.ts:1-2\`

\`\`\`\`
const a = \`b\`
\`\`\`evil
\`\`\`\`

&lt;script>alert(1)&lt;/script> \`@ann\` !\\[x] (\`http://x/y.png\`) \`#12\`
\`\`\`
open xxx... (6065 more characters)
\`\`\`

<sub>1 of 2 families (gpt), confirmed by claude</sub>

<details><summary>Refuted: 1</summary>

- \`src/login.ts:20-21\` The name is short (gpt: Names may be short, \`@ann\`.)

</details>

<details><summary>Not reviewed: 2 files (1 lock file, 1 binary)</summary>

- pnpm-lock.yaml is written by a package manager
- logo.png is binary

</details>

<details><summary>Hidden text taken out: 2</summary>

- 2 x zero-width in \`title\`
- 1 x bidi-control in \`src/login.ts:12\`

</details>

<sub>$0.0800 | 12.3 s | 1 report about no line of the change</sub>`)
})

test('the heading of an incomplete review does not say that nothing was found', () => {
  const { cells } = cleanReview()
  const broken = cells.map((cell) => hole(cell, 'failed', '<b>401</b> @ops'))
  const [heading, , coverage, , first] = markdownReport(cleanReview({ cells: broken }), all).split('\n')
  expect([heading, coverage, first]).toEqual([
    '## Review: incomplete, nothing found in what was looked at',
    '**INCOMPLETE: 0 of 8 cells (2 models x 2 lenses x 2 bundles)**',
    '- claude x security failed: &lt;b>401&lt;/b> `@ops` (2 bundles)',
  ])
})

test('a complete one is short', () => {
  expect(markdownReport(cleanReview({ isDemo: true }), all)).toBe(
    [
      '## Review: nothing found',
      '**Demo:** no model is configured; the reviewers are scripted, the change is real.',
      '**Complete: 8 of 8 cells (2 models x 2 lenses x 2 bundles)**',
      '<sub>12.3 s</sub>',
    ].join('\n\n'),
  )
})

test('nobody is called, nothing is loaded, and a fence holds what is in it', () => {
  const page = clusterMarkdown(nasty, { fleet })
  const outside = page.replaceAll(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replaceAll(/`[^`\n]*`/g, '')
  expect(outside).not.toMatch(/@\w|!\[|<(?!\/?sub>)/)
  expect(steeringIn(page)).toEqual([])
  expect(page).toContain('````\nconst a = `b`\n```evil\n````')
  expect(page.length).toBeLessThan(6_000)
})

test('a comment on its line repeats neither the place nor the code', () => {
  const [found] = richReview().clusters
  expect(clusterMarkdown(found!, { fleet }, true)).toBe(
    [
      '### critical: Untrusted text is run as code',
      'Whoever names a user runs code on the server.',
      'Instead:',
      '```\nconst user = JSON.parse(name)\n```',
      '<sub>2 of 2 families (claude, gpt), confirmed by gpt</sub>',
    ].join('\n\n'),
  )
})
