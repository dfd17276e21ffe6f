import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { splitMarkdown } from './split-markdown.ts'

describe('splitMarkdown()', () => {
  it('leaves what fits as it is', () => {
    const text = '# Title\n\n- one\n- two\n\n```ts\nconst a = 1\n```\n\nDone.'
    expect(splitMarkdown(text)).toEqual([text])
  })

  it('gives no part for nothing', () => {
    expect(splitMarkdown('')).toEqual([])
    expect(splitMarkdown(' \n\n ')).toEqual([])
  })

  it('cuts between paragraphs', () => {
    const [one, two, three] = ['a', 'b', 'c'].map((letter) => `${letter} `.repeat(30).trim())
    expect(splitMarkdown(`${one}\n\n${two}\n\n${three}`, 130)).toEqual([`${one}\n\n${two}`, three])
  })

  it('cuts before an item of a list rather than within one', () => {
    const item = (letter: string) => `- ${letter.repeat(30)}\n  ${letter.repeat(20)}`
    const [a, b, c] = ['a', 'b', 'c'].map(item)
    expect(splitMarkdown(`${a}\n${b}\n${c}`, 130)).toEqual([`${a}\n${b}`, c])
  })

  it('keeps a heading with what it is about', () => {
    const before = 'x'.repeat(70)
    const after = 'y'.repeat(50)
    expect(splitMarkdown(`${before}\n\n## Next\n\n${after}`, 100)).toEqual([before, `## Next\n\n${after}`])
  })

  it('keeps a code block whole where it fits into a part', () => {
    const before = 'x '.repeat(40).trim()
    const code = `\`\`\`ts\n${'const a = 1\n'.repeat(6)}\`\`\``
    expect(splitMarkdown(`${before}\n\n${code}`, 120)).toEqual([before, code])
  })

  it.each([
    ['backticks', '```ts', '```'],
    ['tildes', '~~~ts', '~~~'],
    ['a longer fence, with a shorter one in it', '````md', '````'],
    ['a fence in a list', '   ```ts', '   ```'],
  ])('closes a code block that it cuts, and opens it again with its language: %s', (_, opening, closing) => {
    const lines = Array.from({ length: 12 }, (__, index) => `line ${index} ${'x'.repeat(12)}`)
    const parts = splitMarkdown([opening, ...lines, closing].join('\n'), 120)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) {
      expect(part.startsWith(`${opening}\n`)).toBe(true)
      expect(part.endsWith(`\n${closing}`)).toBe(true)
    }
    expect(parts.flatMap((part) => part.split('\n').slice(1, -1))).toEqual(lines)
  })

  it('opens a code block of a list item again without a second item', () => {
    const text = `1. Run this:\n\n- \`\`\`sh\n${'  npm test -- --all\n'.repeat(12)}  \`\`\`\n\nDone.`
    const parts = splitMarkdown(text, 120)
    expect(parts.slice(1, -1).every((part) => part.startsWith('  ```sh\n'))).toBe(true)
  })

  it('takes a shorter fence within a longer one for text', () => {
    const text = `\`\`\`\`md\n\`\`\`js\n${'a\n'.repeat(80)}\`\`\`\n\`\`\`\``
    for (const part of splitMarkdown(text, 100)) expect(openFenceOf(part)).toBeUndefined()
  })

  it('closes a code block that its author left open', () => {
    expect(splitMarkdown('```ts\nconst a = 1')).toEqual(['```ts\nconst a = 1\n```'])
  })

  it('cuts one long line behind sentences, and keeps its words', () => {
    const sentence = 'This is a sentence of some words.'
    const parts = splitMarkdown(`${sentence} `.repeat(9).trim(), 200)
    expect(parts.join(' ')).toBe(`${sentence} `.repeat(9).trim())
    expect(parts.every((part) => part.endsWith('.'))).toBe(true)
  })

  it('does not tear what people see as one sign', () => {
    const family = '👨‍👩‍👧‍👦'
    const parts = splitMarkdown(family.repeat(60), 100)
    expect(parts.join('')).toBe(family.repeat(60))
    expect(parts.every((part) => part.length % family.length === 0)).toBe(true)
  })

  it('refuses a limit that holds nothing', () => {
    expect(() => splitMarkdown('a', 10)).toThrow('Expected `limit` to be 100 or more, got `10`')
  })

  it('keeps to the limit, balances fences and loses nothing, whatever it is given', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 100, max: 400 }), (text, limit) => {
        const parts = splitMarkdown(text, limit)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit)
          expect(openFenceOf(part)).toBeUndefined()
          expect(part.isWellFormed()).toBe(true)
          expect(part.trim()).not.toBe('')
        }
        expect(contentOf(parts.join('\n'))).toBe(contentOf(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps the lines of code as they were, also their blank ones and their indentation', () => {
    const codeLine = fc.constantFrom('', '  a = 1', '    b()', 'c', '\td', 'e '.repeat(9))
    fc.assert(
      fc.property(fc.array(codeLine, { minLength: 1, maxLength: 60 }), (lines) => {
        const parts = splitMarkdown(['~~~py', ...lines, '~~~'].join('\n'), 100)
        expect(parts.flatMap((part) => part.split('\n').slice(1, -1))).toEqual(lines)
      }),
      { numRuns: 500 },
    )
  })
})

// Languages are in capitals and words are not, so that what was opened again can be told from what was there.
const fenceLines = fc
  .tuple(
    fc.constantFrom('', '  ', '- ', '1. ', '    ', '> ', '> - ', '\t'),
    fc.constantFrom('```', '````', '~~~', '~~~~~', '``'),
    fc.constantFrom('', 'TS', 'JSON', ' ', 'X'.repeat(80), 'A`B', '`'),
  )
  .map((parts) => parts.join(''))
const words = fc.constantFrom(
  'word',
  'a',
  'end. ',
  '😀',
  '👨‍👩‍👧',
  'e\u0301',
  '`code`',
  '```',
  '~~~',
  ' ',
  'é'.repeat(40),
  '\ud83d',
  '日本語。',
)
const lines = fc.oneof(
  { weight: 2, arbitrary: fenceLines },
  { weight: 3, arbitrary: fc.array(words, { maxLength: 8 }).map((all) => `w${all.join('')}`) },
  { weight: 2, arbitrary: fc.array(words, { minLength: 40, maxLength: 120 }).map((all) => `w${all.join('')}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '', '# heading', '- item', '`'.repeat(700), '\r') },
)
const documents = fc.array(lines, { maxLength: 40 }).map((all) => all.join('\n'))

function contentOf(text: string): string {
  return text.toWellFormed().replaceAll(/[\s`~>\u200BA-Z\-1.]/g, '')
}

/** The fence that is open at the end of a part, read as a reader of Markdown would. */
function openFenceOf(part: string): string | undefined {
  let open: string | undefined
  for (const line of part.split('\n')) {
    const bare = line.replace(/^[\s>]*/, '')
    if (open === undefined) {
      const [, marker, info] = /^(?:(?:[-*+]|\d+[.)])\s[\s>]*)*(`{3,}|~{3,})(.*)$/.exec(bare) ?? []
      if (marker !== undefined && !(marker.startsWith('`') && info?.includes('`') === true)) open = marker
    } else {
      const run = bare.trimEnd()
      if (run.length >= open.length && run === run.charAt(0).repeat(run.length) && run.startsWith(open.charAt(0)))
        open = undefined
    }
  }
  return open
}
