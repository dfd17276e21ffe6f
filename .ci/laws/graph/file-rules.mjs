// What holds for each file by itself: its name, its length, and what it may never import or read.
import { posix } from 'node:path'

const longest = 300
/** The one door to URLs from outside: what stands anywhere else forgets the guard. */
const door = 'packages/core/src/net/'
const wires = ['undici', 'node:http', 'node:https', 'node:http2', 'node:net', 'node:tls']
const drawers = ['types.ts', 'utils.ts', 'util.ts', 'helpers.ts', 'common.ts']

export function brokenFileRules(modules) {
  return modules.flatMap((module) => [
    ...module.parseErrors.map((message) => `${module.file} does not parse: ${message}`),
    ...badName(module),
    ...tooLong(module),
    ...readsEnvironment(module),
    ...module.imports.flatMap((found) => badImport(module, found).map((why) => `${module.file}:${found.line} ${why}`)),
  ])
}

function badName({ file }) {
  const name = posix.basename(file)
  return drawers.includes(name)
    ? [`${file}: ${name} is a drawer for everything; name the file for the one thing in it`]
    : []
}

function tooLong({ file, lines, role }) {
  const counts = role === 'source' || role === 'example'
  return counts && lines > longest ? [`${file} has ${lines} lines, over ${longest}: look for the seam`] : []
}

function readsEnvironment({ file, member, role, environmentReads }) {
  if (member.isApp || role === 'test' || posix.basename(file) === 'from-env.ts') return []
  return environmentReads.map(
    (line) => `${file}:${line} reads process.env: take an option, or read it in a file named from-env.ts`,
  )
}

function badImport({ file, role, member }, { specifier, how, star, target }) {
  const name = posix.basename(file)
  const problems = []
  const isWire = wires.includes(specifier) || wires.includes(`node:${specifier}`)
  if (isWire && how !== 'type' && role === 'source' && !member.isApp && !file.startsWith(door))
    problems.push(`imports ${specifier}: sockets are opened in ${door} only; use createGuardedFetch`)
  if (star && name === 'index.ts') problems.push(`exports * from ${specifier}: an index names what it exports`)
  if (name === 'errors.ts' && target.kind === 'ours')
    problems.push(`imports ${specifier}: errors.ts imports nothing of ours, or circles are tied there`)
  if (target.kind !== 'ours') return problems
  if (role !== 'test' && /\.test(-d|-kit)?\.ts$/.test(target.file)) problems.push(`imports the test ${specifier}`)
  // Apps and examples run on the scripted model.
  if (role === 'source' && !member.isApp && target.file.includes('/testing/'))
    problems.push(`imports ${specifier}: only tests, examples and testing/ use what is in testing/`)
  return problems
}
