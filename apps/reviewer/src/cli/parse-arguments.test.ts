import { expect, test } from 'vitest'

import { type Arguments, parseArguments, UsageError } from './parse-arguments.ts'

const parse = (line: string): Arguments => parseArguments(line === '' ? [] : line.split(' '), '1.2.3')

const DEFAULTS: Arguments = {
  subject: { type: 'base', base: 'main' },
  isPlan: false,
  format: 'text',
  hasEvents: false,
  minSeverity: 'low',
  minAgreement: 1,
  isPosted: false,
  maxComments: 10,
}

test('what is not said is as the usage says', () => {
  expect(parse('--base main')).toEqual(DEFAULTS)
})

test.each<[string, Partial<Arguments>]>([
  ['--base main --head topic', { subject: { type: 'base', base: 'main', head: 'topic' } }],
  ['--diff a.patch', { subject: { type: 'diff', file: 'a.patch' } }],
  ['--diff -', { subject: { type: 'diff', file: '-' } }],
  ['--pr https://github.com/o/r/pull/1', { subject: { type: 'pull-request', url: 'https://github.com/o/r/pull/1' } }],
  ['--base main --lens security --lens tests,api', { lenses: ['security', 'tests', 'api'] }],
  ['--base main --include src/**,, --include a', { include: ['src/**', 'a'] }],
  ['--base main --exclude *.md', { exclude: ['*.md'] }],
  ['--base main --plan', { isPlan: true }],
  ['--base main --concurrency 3', { concurrency: 3 }],
  ['--base main --max-cost 0.50', { maxCostUsd: 0.5 }],
  ['--base main --max-cost $2', { maxCostUsd: 2 }],
  ['--base main --timeout 90', { timeoutMs: 90_000 }],
  ['--base main --format sarif', { format: 'sarif' }],
  ['--base main --output out.txt', { output: 'out.txt' }],
  ['--base main --events jsonl', { hasEvents: true }],
  ['--base main --fail-on high', { failOn: 'high' }],
  ['--base main --min-severity medium', { minSeverity: 'medium' }],
  ['--base main --min-agreement 2', { minAgreement: 2 }],
  ['--base main --max-comments 0', { maxComments: 0 }],
  [
    '--pr http://127.0.0.1:3000/o/r/pulls/2 --post',
    { subject: { type: 'pull-request', url: 'http://127.0.0.1:3000/o/r/pulls/2' }, isPosted: true },
  ],
])('%s', (line, expected) => {
  expect(parse(line)).toEqual({ ...DEFAULTS, ...expected })
})

test.each([
  ['', 'Expected one of --base REVISION, --diff FILE and --pr URL'],
  ['--base a --diff b', 'Expected one of --base REVISION, --diff FILE and --pr URL'],
  ['--diff a --head b', '--head goes with --base'],
  ['--pr nonsense', 'Expected --pr to be the address of a pull request, got "nonsense"'],
  ['--pr file:///etc/passwd', 'Expected --pr to be the address of a pull request, got "file:///etc/passwd"'],
  ['--base main --post', '--post needs --pr: there is nowhere else to post to'],
  ['--base main --colour', "Unknown option '--colour'"],
  ['--base main extra', "Unexpected argument 'extra'"],
  ['--base', "Option '--base <value>' argument missing"],
  ['--base main --plan=yes', "Option '--plan' does not take an argument"],
  ['--base main --concurrency 0', 'Expected --concurrency to be a whole number of 1 or more, got "0"'],
  ['--base main --concurrency 1e3', 'Expected --concurrency to be a whole number of 1 or more, got "1e3"'],
  ['--base main --timeout 1.5', 'Expected --timeout to be a whole number of 1 or more, got "1.5"'],
  ['--base main --max-cost much', 'Expected --max-cost to be an amount of US dollars such as 0.50, got "much"'],
  ['--base main --max-cost=-1', 'Expected --max-cost to be an amount of US dollars such as 0.50, got "-1"'],
  ['--base main --format html', 'Expected --format to be one of text, markdown, json, sarif, rdjson, got "html"'],
  ['--base main --events xml', 'Expected --events to be one of jsonl, got "xml"'],
  ['--base main --fail-on bad', 'Expected --fail-on to be one of critical, high, medium, low, got "bad"'],
  ['--base main --min-severity x', 'Expected --min-severity to be one of critical, high, medium, low, got "x"'],
  ['--base main --min-agreement 0', 'Expected --min-agreement to be a whole number of 1 or more, got "0"'],
  ['--base main --max-comments -1', "Option '--max-comments' argument is ambiguous"],
  ['--base main --lens ,', 'Expected --lens to name something, got ","'],
  ['--base= --plan', 'Expected --base to name something, got ""'],
  ['--base main --output=', 'Expected --output to name something, got ""'],
])('%s is refused: %s', (line, message) => {
  const refused = (() => {
    try {
      return parse(line)
    } catch (error) {
      return error
    }
  })()
  expect(refused).toBeInstanceOf(UsageError)
  const error = refused as UsageError
  expect(error.isHelp).toBe(false)
  expect(error.message.split('\n')[0]).toBe(message)
  expect(error.message).toMatch(/\n\nusage: executus-review --base REVISION .*\n\(--help says more\)$/)
})

test.each(['--help', '-h'])('%s prints the usage and is no mistake', (line) => {
  expect(() => parse(line)).toThrow(
    expect.objectContaining({ isHelp: true, message: expect.stringMatching(/^usage: [^]*Exit codes/) }),
  )
})

test('--version prints the version alone', () => {
  expect(() => parse('--version')).toThrow(expect.objectContaining({ isHelp: true, message: '1.2.3' }))
})
