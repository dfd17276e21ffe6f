// The rules of https://agentskills.io/specification and of its guide for clients, row by row.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { SkillLeftOut } from './diagnostic.ts'
import { parseYaml } from './parse-yaml.ts'
import { readSkillText } from './read-skill-text.ts'

function read(text: string | Uint8Array, folder = '/skills/pdf') {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  try {
    const { warnings, ...skill } = readSkillText(bytes, `${folder}/SKILL.md`, folder)
    return { ...skill, codes: warnings.map(({ code }) => code) }
  } catch (error) {
    if (error instanceof SkillLeftOut) return error.code
    throw error
  }
}

const about = 'description: Reads PDF.'
const of = (front: string, body = 'Body.\n') => `---\n${front}\n---\n${body}`
const skill = { name: 'pdf', description: 'Reads PDF.', body: 'Body.\n', codes: [] }

test.each<[string, string | Uint8Array, object | string]>([
  ['the least that there must be', of(`name: pdf\n${about}`), skill],
  ['no body', of(`name: pdf\n${about}`, ''), { ...skill, body: '' }],
  ['a body as it is', of(`name: pdf\n${about}`, '\n\n  # A\r\n---\n\n'), { ...skill, body: '\n\n  # A\r\n---\n\n' }],
  ['a byte order mark', `\ufeff${of(`name: pdf\n${about}`)}`, skill],
  ['lines that end in CR LF', `---\r\nname: pdf\r\n${about}\r\n---\r\nBody.\n`, skill],
  ['quotes', of(`name: "pdf"\ndescription: 'Reads PDF.'`), skill],
  ['spaces around values', of(`name:   pdf  \n${about}   `), skill],
  ['a folded description', of('name: pdf\ndescription: >\n  Reads\n  PDF.\n'), skill],
  ['a literal description', of('name: pdf\ndescription: |\n  Reads PDF.\n'), skill],
  ['a description over several lines', of('name: pdf\ndescription: Reads\n  PDF.'), skill],
  ['a comment', of(`# a comment\nname: pdf # another\n${about}`), skill],
  ['a name of another folder', of(`name: pdfs\n${about}`), { name: 'pdfs', codes: ['name-mismatch'] }],
  ['large letters in a name', of(`name: PDF\n${about}`), { name: 'PDF', codes: ['bad-name', 'name-mismatch'] }],
  ['a hyphen at the start', of(`name: -pdf\n${about}`), { codes: ['bad-name', 'name-mismatch'] }],
  ['a hyphen at the end', of(`name: pdf-\n${about}`), { codes: ['bad-name', 'name-mismatch'] }],
  ['two hyphens', of(`name: p--df\n${about}`), { codes: ['bad-name', 'name-mismatch'] }],
  ['a space in a name', of(`name: p df\n${about}`), { codes: ['bad-name', 'name-mismatch'] }],
  ['a name of 65 letters', of(`name: ${'x'.repeat(65)}\n${about}`), { codes: ['bad-name', 'name-mismatch'] }],
  [
    'a name that is a path',
    of(`name: ../../etc\n${about}`),
    { name: '../../etc', codes: ['bad-name', 'name-mismatch'] },
  ],
  ['a name of 129 letters', of(`name: ${'x'.repeat(129)}\n${about}`), 'bad-name'],
  ['a name of two lines', of(`name: "pdf\\n\\nIgnore"\n${about}`), 'bad-name'],
  ['a name that turns letters around', of(`name: "pdf\\u202e"\n${about}`), 'bad-name'],
  ['a name that is a number', of(`name: 42\n${about}`), { name: '42', codes: ['name-mismatch'] }],
  ['no name', of(about), { name: 'pdf', codes: ['no-name'] }],
  ['an empty name', of(`name: ""\n${about}`), { name: 'pdf', codes: ['no-name'] }],
  ['a name that is a list', of(`name: [pdf]\n${about}`), { name: 'pdf', codes: ['no-name'] }],
  ['no description', of('name: pdf'), 'no-description'],
  ['an empty description', of('name: pdf\ndescription:'), 'no-description'],
  ['a blank description', of('name: pdf\ndescription: "  "'), 'no-description'],
  ['a description that is a map', of('name: pdf\ndescription: {a: b}'), 'no-description'],
  ['a description that is a word for yes', of('name: pdf\ndescription: yes'), { description: 'yes' }],
  ['a description of 1,025 letters', of(`name: pdf\ndescription: ${'x'.repeat(1_025)}`), { codes: ['bad-field'] }],
  ['a license', of(`name: pdf\n${about}\nlicense: MIT`), { fields: { license: 'MIT' }, codes: [] }],
  ['compatibility', of(`name: pdf\n${about}\ncompatibility: Needs git`), { codes: [] }],
  [
    'compatibility of 501 letters',
    of(`name: pdf\n${about}\ncompatibility: ${'x'.repeat(501)}`),
    { codes: ['bad-field'] },
  ],
  [
    'metadata, whose scalars are texts',
    of(`name: pdf\n${about}\nmetadata:\n  version: 1.0\n  on: no`),
    { fields: { metadata: { version: '1.0', on: 'no' } }, codes: [] },
  ],
  ['metadata that is no map', of(`name: pdf\n${about}\nmetadata: [a]`), { codes: ['bad-field'] }],
  ['metadata that is deep', of(`name: pdf\n${about}\nmetadata: {a: {b: c}}`), { codes: ['bad-field'] }],
  ['allowed-tools as a text', of(`name: pdf\n${about}\nallowed-tools: Bash(git:*) Read`), { codes: [] }],
  [
    'allowed-tools as a list',
    of(`name: pdf\n${about}\nallowed-tools:\n  - Bash(git:*)\n  - Read`),
    { fields: { 'allowed-tools': ['Bash(git:*)', 'Read'] }, codes: [] },
  ],
  ['allowed-tools as a map', of(`name: pdf\n${about}\nallowed-tools: {a: b}`), { codes: ['bad-field'] }],
  ['keys that are not known', of(`name: pdf\n${about}\nmodel: [a, {b: c}]`), { fields: { model: ['a', { b: 'c' }] } }],
  [
    'a colon in a value',
    of('name: pdf\ndescription: Use this when: the user asks'),
    { description: 'Use this when: the user asks', codes: ['unquoted-colon'] },
  ],
  [
    'a colon in a value, with CR LF, a quote and a backslash',
    of('name: pdf\r\ndescription: Say "a\\b": done\r'),
    { description: 'Say "a\\b": done', codes: ['unquoted-colon'] },
  ],
  ['a colon that is none', of('name: pdf\ndescription: See http://a.b/c:d'), { codes: [] }],
  ['a colon in a value, and more that is wrong', of('name: pdf\ndescription: a: b\nx: "'), 'bad-yaml'],
  ['no front matter', '# PDF\n', 'no-front-matter'],
  ['front matter that does not end', `---\nname: pdf\n${about}\n`, 'no-front-matter'],
  ['an empty file', '', 'no-front-matter'],
  ['front matter that is empty', of(''), 'bad-yaml'],
  ['front matter that is a text', of('pdf'), 'bad-yaml'],
  ['front matter that is a list', of('- pdf'), 'bad-yaml'],
  ['a tab as indentation', of(`name: pdf\n${about}\nmetadata:\n\ta: b`), 'bad-yaml'],
  ['a key twice', of(`name: pdf\nname: other\n${about}`), 'bad-yaml'],
  ['an open quote', of(`name: "pdf\n${about}`), 'bad-yaml'],
  ['a tag', of(`name: pdf\n${about}\nx: !!js/function "() => 1"`), 'bad-yaml'],
  ['a tag of bytes', of(`name: pdf\n${about}\nx: !!binary aGk=`), 'bad-yaml'],
  ['an alias', of(`name: &n pdf\n${about}\nx: *n`), 'bad-yaml'],
  ['an alias of itself', of(`name: pdf\n${about}\nx: &x [*x]`), 'bad-yaml'],
  ['a bomb of aliases', of(`name: pdf\n${about}\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]`), 'bad-yaml'],
  ['a merge', of(`name: pdf\n${about}\nx: &x {a: b}\ny:\n  <<: *x`), 'bad-yaml'],
  ['a deep list', of(`name: pdf\n${about}\nx: ${'['.repeat(8_000)}`), 'bad-yaml'],
  ['a deep map', of(`name: pdf\n${about}\nx: ${'{a: '.repeat(3_000)}${'}'.repeat(3_000)}`), 'bad-yaml'],
  ['16 KiB of front matter', of(`name: pdf\n${about}\nx: ${'y'.repeat(16 * 1024)}`), 'bad-yaml'],
  ['a NUL', of(`name: pdf\n${about}`, 'a\0b'), 'not-text'],
  ['bytes that are no UTF-8', Uint8Array.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]), 'not-text'],
  ['UTF-16', Uint8Array.from(Buffer.from(`\ufeff${of(about)}`, 'utf16le')), 'not-text'],
])('%s', (_, text, expected) => {
  expect({ got: read(text) }).toMatchObject({ got: expected })
})

test('a key that is special to JavaScript is a key', () => {
  const got = read(of(`name: pdf\n${about}\n__proto__:\n  name: evil\nconstructor: x`))
  const { fields } = got as Exclude<typeof got, string>
  expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
  expect(Object.entries(fields)).toContainEqual(['constructor', 'x'])
  expect(({} as { readonly name?: string }).name).toBeUndefined()
})

test('whatever front matter says, it is plain data or a problem', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'name',
      ':',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&a ',
      '*a',
      '!!x ',
    ],
    ...['? ', '<<', '---', '...', '%YAML 1.1', '\t', '\r\n', '\u2028', '\0', '\ud800'],
  )
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseYaml(text)
      // Texts, lists and maps, and nothing that JSON does not hold.
      expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed)
    }),
    { numRuns: 300 },
  )
})
