import { expect, test } from 'vitest'

import { type Arguments, parseArguments, UsageError } from './parse-arguments.ts'
import { USAGE } from './usage.ts'

const parse = (line: string): Arguments => parseArguments(line === '' ? [] : line.split(' '), '1.2.3')

const DEFAULTS: Arguments = { isTerminal: false, shouldOpen: true, isCheck: false, isJson: false }

test.each<[string, Partial<Arguments>]>([
  ['', {}],
  ['--config my.json', { config: 'my.json' }],
  ['--data ../x', { dataFolder: '../x' }],
  ['--port 0', { port: 0 }],
  ['--port=65535', { port: 65_535 }],
  ['--terminal', { isTerminal: true, shouldOpen: false }],
  ['--no-open', { shouldOpen: false }],
  ['--check', { isCheck: true }],
  ['--check --json', { isCheck: true, isJson: true }],
])('%j', (line, expected) => {
  expect(parse(line)).toEqual({ ...DEFAULTS, ...expected })
})

test.each([
  ['--colour', "Unknown option '--colour'"],
  ['--open', "Unknown option '--open'"],
  ['extra', "Unexpected argument 'extra'"],
  ['--config', "Option '--config <value>' argument missing"],
  ['--config=', 'Expected --config to name a file, got ""'],
  ['--data=', 'Expected --data to name a folder, got ""'],
  ['--port 65536', 'Expected --port to be an integer from 0 to 65535, got "65536"'],
  ['--port 1e3', 'Expected --port to be an integer from 0 to 65535, got "1e3"'],
  ['--check=yes', "Option '--check' does not take an argument"],
  ['--json', '--json goes with --check'],
  ['--terminal --port 1', '--port is of the web chat, which --terminal takes the place of'],
])('%j is refused, with the usage line', (line, message) => {
  expect(() => parse(line)).toThrow(new UsageError(message))
  expect(() => parse(line)).toThrow(/\n\nusage: npm run bot -- \[--config FILE\][^]*\n\(--help says more\)$/)
})

test.each([
  ['--help', USAGE],
  ['-h --port 1', USAGE],
  ['--version', '1.2.3'],
])('%j is answered, and is no mistake', (line, message) => {
  expect(() => parse(line)).toThrow(expect.objectContaining({ message, isHelp: true }))
})
