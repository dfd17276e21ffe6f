import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { checkPrompt, fillPrompt } from './fill-prompt.ts'
import { checkInputs, inputSchemaOf, readInputs, type SkillInput } from './skill-inputs.ts'

const inputs: readonly SkillInput[] = [
  { name: 'text', type: 'string', description: 'What to sum up.', minLength: 1, maxLength: 5 },
  { name: 'pages', type: 'integer', minimum: 1, maximum: 9, default: 2 },
  { name: 'ratio', type: 'number', minimum: 0, isRequired: false },
  { name: 'brief', type: 'boolean', default: false },
  { name: 'tongue', type: 'enum', choices: ['de', 'en'], default: 'en' },
]

test('inputs are shown to a model as JSON Schema', () => {
  expect(() => checkInputs(inputs)).not.toThrow()
  expect(inputSchemaOf(inputs)).toEqual({
    type: 'object',
    properties: {
      text: { type: 'string', description: 'What to sum up.', minLength: 1, maxLength: 5 },
      pages: { type: 'integer', minimum: 1, maximum: 9, default: 2 },
      ratio: { type: 'number', minimum: 0 },
      brief: { type: 'boolean', default: false },
      tongue: { type: 'string', enum: ['de', 'en'], default: 'en' },
    },
    required: ['text'],
    additionalProperties: false,
  })
})

test('what is left out has its default, or is left out', () => {
  const read = readInputs(inputs, { text: 'tea' })
  expect(read).toEqual({
    ok: true,
    value: new Map<string, unknown>([
      ['text', 'tea'],
      ['pages', 2],
      ['brief', false],
      ['tongue', 'en'],
    ]),
  })
})

test.each<[unknown, string]>([
  [{}, 'text: is missing; expected a text of 1 to 5 characters'],
  [{ text: '' }, 'text: expected a text of 1 to 5 characters'],
  [{ text: 'x'.repeat(6) }, 'text: expected a text of 1 to 5 characters'],
  [{ text: 7 }, 'text: expected a text of 1 to 5 characters'],
  [{ text: null }, 'text: expected a text of 1 to 5 characters'],
  [{ text: 'a', pages: '3' }, 'pages: expected a whole number of 1 to 9'],
  [{ text: 'a', pages: 1.5 }, 'pages: expected a whole number of 1 to 9'],
  [{ text: 'a', pages: 10 }, 'pages: expected a whole number of 1 to 9'],
  [{ text: 'a', ratio: -1 }, 'ratio: expected a number of at least 0'],
  [{ text: 'a', ratio: Number.NaN }, 'ratio: expected a number of at least 0'],
  [{ text: 'a', brief: 'yes' }, 'brief: expected true or false'],
  [{ text: 'a', tongue: 'fr' }, 'tongue: expected one of de, en'],
  [{ text: 'a', size: 1 }, 'size: there is no such input; there are text, pages, ratio, brief, tongue'],
  [
    JSON.parse('{"text": "a", "__proto__": 1}'),
    '__proto__: there is no such input; there are text, pages, ratio, brief, tongue',
  ],
  [Object.create({ text: 'inherited' }), 'text: is missing; expected a text of 1 to 5 characters'],
  [['tea'], 'expected an object with the inputs'],
  [null, 'expected an object with the inputs'],
])('%j is told to the model', (given, problem) => {
  expect(readInputs(inputs, given)).toEqual({ ok: false, problem })
})

test('a text is counted by characters', () => {
  expect(readInputs([inputs[0]!], { text: '\u{1f600}'.repeat(5) })).toMatchObject({ ok: true })
})

test('all that is wrong is told at once, and nothing of none', () => {
  expect(readInputs([], { a: 1 })).toEqual({ ok: false, problem: 'a: there is no such input; there are none' })
  expect(readInputs(inputs, { pages: 0, brief: 0 })).toMatchObject({
    problem:
      'text: is missing; expected a text of 1 to 5 characters; pages: expected a whole number of 1 to 9; ' +
      'brief: expected true or false',
  })
})

test.each<[unknown, string]>([
  [[null], 'skill.inputs[0].type'],
  [[{ name: 'a' }], 'skill.inputs[0].type'],
  [[{ name: 'a', type: 'date' }], 'one of string, number, integer, boolean, enum'],
  [[{ name: '__proto__', type: 'string' }], 'skill.inputs[0].name'],
  [[{ name: 'a b', type: 'string' }], 'skill.inputs[0].name'],
  [[{ name: 7, type: 'string' }], 'skill.inputs[0].name'],
  [[{ name: 'a', type: 'string', minimum: 1 }], 'no option `minimum`'],
  [[{ name: 'a', type: 'string', pattern: '(a+)+' }], 'no option `pattern`'],
  [
    [
      { name: 'a', type: 'boolean' },
      { name: 'a', type: 'boolean' },
    ],
    'got `a` again',
  ],
  [[{ name: 'a', type: 'string', isRequired: 1 }], 'isRequired'],
  [[{ name: 'a', type: 'string', description: '' }], 'description'],
  [[{ name: 'a', type: 'string', minLength: 1.5 }], 'minLength'],
  [[{ name: 'a', type: 'string', minLength: 3, maxLength: 2 }], 'something between them'],
  [[{ name: 'a', type: 'number', minimum: Number.POSITIVE_INFINITY }], 'minimum'],
  [[{ name: 'a', type: 'number', minimum: 3, maximum: 2 }], 'something between them'],
  [[{ name: 'a', type: 'integer', default: 1.5 }], 'default` to be what it takes: expected a whole number'],
  [[{ name: 'a', type: 'boolean', default: 'true' }], 'true or false'],
  [[{ name: 'a', type: 'enum' }], 'choices'],
  [[{ name: 'a', type: 'enum', choices: [] }], 'choices'],
  [[{ name: 'a', type: 'enum', choices: ['x', 'x'] }], 'choices'],
  [[{ name: 'a', type: 'enum', choices: ['x'], default: 'y' }], 'one of x'],
])('the declaration %j is refused', (wrong, message) => {
  expect(() => checkInputs(wrong as readonly SkillInput[])).toThrow(message)
})

test('an input is put in as it is, whatever it looks like', () => {
  const prompt = '{{a}} and {{ b }}, {{a}} {not} {{{c}}}'
  const values = new Map<string, string>([
    ['a', '{{b}} $& $1 {{'],
    ['b', '}}{{a}}'],
    ['c', 'x'],
  ])
  expect(fillPrompt(prompt, values)).toBe('{{b}} $& $1 {{ and }}{{a}}, {{b}} $& $1 {{ {not} {x}')
})

test('whatever inputs say, the prompt around them stays, and each is there as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
      const prompt = 'one {{a}} two {{b}} three'
      expect(() => checkPrompt(prompt, [{ name: 'a' }, { name: 'b' }])).not.toThrow()
      expect(
        fillPrompt(
          prompt,
          new Map([
            ['a', a],
            ['b', b],
          ]),
        ),
      ).toBe(`one ${a} two ${b} three`)
    }),
  )
})

test('whatever a model writes is taken or told, and what is taken fits', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record({ text: fc.anything(), pages: fc.anything() })), (given) => {
      const read = readInputs(inputs, given)
      const said = read.ok ? [...read.value.values()] : [read.problem]
      const types = read.ok ? ['string', 'number', 'boolean'] : ['string']
      for (const one of said) expect(types).toContain(typeof one)
      expect(said).not.toContain('')
    }),
  )
})
