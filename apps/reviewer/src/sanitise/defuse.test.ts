import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { defuse } from './defuse.ts'

test.each([
  ['Ask @ann or @org/team, mail a@b.c', 'Ask `@ann` or `@org/team`, mail a@b.c'],
  ['See #12, x/y#3 and GH-4, not &#35;', 'See `#12`, `x/y#3` and `GH-4`, not &amp;`#35`;'],
  ['![x](https://evil.example/?q=secret)', '!\\[x] (`https://evil.example/?q=secret`)'],
  ['<img src=x> & <!-- hi -->', '&lt;img src=x> &amp; &lt;!-- hi -->'],
  ['[click](javascript:alert(1)) [ok](https://a.b)', '[click] (javascript:alert(1)) [ok](https://a.b)'],
  ['Use `@ann` and ``a ` <b>`` here', 'Use `@ann` and ``a ` <b>`` here'],
  ['an open ` tick @ann', 'an open \\` tick `@ann`'],
  ['```ts\n@ann <b>\n```\n@ann', '```ts\n@ann <b>\n```\n`@ann`'],
  ['~~~\nopen', '```\nopen\n```'],
  ['````md\n```\n@ann\n````', '````md\n```\n@ann\n````'],
  ['```suggestion\nrm()\n```', '```\nrm()\n```'],
  ['- a\n  ```\n@ann\n  ```', '- a\n  ```\n  @ann\n  ```'],
  ['    ```\n@ann', '    ```\n    @ann\n    ```'],
  ['``` a`b\n@ann', '\\`\\`\\` a\\`b\n`@ann`'],
  ['```\rx\r```\r@ann', '```\nx\n```\n`@ann`'],
  ['- ~~~\n~~~~ @ann', '- \\~\\~\\~\n````\n````'.replaceAll('````', '```')],
  ['\\`@ann`', '\\\\`@ann`'],
  ['\\@ann', '\\\\`@ann`'],
  ['`@ann', '\\` `@ann`'],
  ['_@ann_ **@bo**', '_`@ann_` **`@bo`**'],
  ['@a-@b @a(@b)', '`@a-@b` `@a`(`@b`)'],
  ['``a``@ann', '``a`` `@ann`'],
  ['| `a | @ann` |', '\\| `a | @ann` \\|'],
  ['see !7 and o/r!8', 'see `!7` and `o/r!8`'],
  ['https://git.example/o/r/issues/3 http://@ann', '`https://git.example/o/r/issues/3` `http://@ann`'],
  ['[x](https://git.example/o/r/pull/3)', '[x](#)'],
  ['https://a.b/`@ann b`', '`https://a.b/` `@ann b`'],
  ['o/r#1@ann', '`o/r#1@ann`'],
  ['[@ann `x`](https://a.b)', '[`@ann` `x`] (`https://a.b`)'],
  ['[@ann](https://a.b)', '[`@ann`](https://a.b)'],
  ['[x]: https://evil.example', '[x]\\: `https://evil.example`'],
  ['hid\u202Eden', 'hidden'],
])('%j is posted as %j', (markdown, posted) => {
  expect(defuse(markdown)).toBe(posted)
})

/** What is no code of what was defused: fences stand alone on their lines, and what stands behind a backslash is text. */
function live(markdown: string): string {
  return markdown
    .replaceAll(/^( *`{3,})[^`\n]*\n(?:[^]*?\n)??\1$/gm, ' ')
    .split('\n')
    .map((line) =>
      line.replaceAll(/\\.|(`+)(?!`).*?(?<!`)\1(?!`)/g, (piece) => (piece.startsWith('\\') ? piece[1]! : ' ')),
    )
    .join('\n')
}

test('whatever marks stand around them, nothing outside of code calls, refers or is markup', () => {
  const piece = fc.constantFrom(
    ...['@ann', '#12', 'o/r#1', 'a', 'https://git.example/o/r/issues/3', '<b>', '![x](y)', '](', '\\'],
    ...['`', '``', '```', '~~~', '\n', '\r', '\n\n', ' ', '    ', '- ', '> ', '|', '_', '[', ')', '!'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const said = live(defuse(pieces.join('')))
      expect(said).not.toMatch(/(?<![A-Za-z\d])@\w|(?<![A-Za-z\d])#\d|https?:\/\/|</)
    }),
    { numRuns: 2_000 },
  )
})

test('no text takes long, whatever its marks are', () => {
  const runs = Array.from({ length: 400 }, (_, index) => `${'`'.repeat(index + 1)}a`).join('')
  const hostile = [runs, '@a/'.repeat(50_000), '```a\n'.repeat(20_000), '[a]('.repeat(50_000), 'a.b-'.repeat(50_000)]
  const lettersIn = (text: string) => text.replaceAll(/[^a]/g, '').length
  for (const text of hostile) expect(lettersIn(defuse(text))).toBe(lettersIn(text))
})
