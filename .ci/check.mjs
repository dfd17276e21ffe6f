// node .ci/check.mjs [LAW...]
// The gate: runs every law in order (or only those named), tells of each in a line, shows what a broken one said, and
// exits 1 when any was broken.
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tool = (...args) => ['pnpm', 'exec', ...args]
const script = (...args) => ['pnpm', 'run', '--silent', ...args]
const law = (name) => [process.execPath, `.ci/laws/${name}.mjs`]

const laws = [
  { name: 'format', steps: [tool('oxfmt', '--check')] },
  { name: 'lint', steps: [tool('oxlint', '--type-aware', '--deny-warnings')] },
  { name: 'types', steps: [tool('tsc')] },
  { name: 'tools', steps: [law('tool-types')] },
  { name: 'graph', steps: [law('graph')] },
  { name: 'shape', steps: [law('shape')] },
  // From nothing: tsc trusts its build info, so what was deleted stays away and what lost its source stays there.
  { name: 'build', steps: [script('clean'), script('build')] },
  { name: 'api', steps: [law('api')], after: 'build' },
  { name: 'unused', steps: [tool('knip'), tool('knip', '--production', '--strict')] },
  { name: 'deps', steps: [tool('sherif'), law('lockfile')] },
  { name: 'pack', steps: [law('pack')], after: 'build' },
]

const wanted = asked(process.argv.slice(2))
const broken = new Set()
for (const each of wanted) if (!(await holds(each))) broken.add(each.name)
if (broken.size > 0) console.log(`\nBroken: ${[...broken].join(', ')}. One alone: node .ci/check.mjs ${[...broken][0]}`)
process.exitCode = broken.size > 0 ? 1 : 0

/** The laws named, and what they come after; all of them when none is named. */
function asked(names) {
  const unknown = names.filter((name) => !laws.some((each) => each.name === name))
  if (unknown.length > 0) {
    console.error(`No law is named ${unknown.join(' or ')}; there are ${laws.map(({ name }) => name).join(', ')}`)
    process.exit(2)
  }
  if (names.length === 0) return laws
  const chosen = laws.filter(({ name }) => names.includes(name))
  return laws.filter((each) => chosen.includes(each) || chosen.some(({ after }) => after === each.name))
}

async function holds({ name, steps, after }) {
  const label = name.padEnd(8)
  if (after !== undefined && broken.has(after)) {
    console.log(`${label} FAILED  not run, as ${after} failed`)
    return false
  }
  if (process.stdout.isTTY) process.stdout.write(`${label} ...`)
  const startedAt = performance.now()
  const said = []
  let kept = true
  for (const step of steps) {
    const { code, output } = await run(step)
    if (code === 0) continue
    kept = false
    said.push(output.trim())
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const start = process.stdout.isTTY ? '\r' : ''
  console.log(`${start}${label} ${kept ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s`)
  if (!kept) console.log(`\n${said.join('\n\n')}\n`)
  return kept
}

/** What a step printed, in the order it came, and how it ended. */
function run([command, ...args]) {
  const env = { ...process.env, NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1' }
  delete env.FORCE_COLOR
  return new Promise((resolve) => {
    const output = []
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => resolve({ code: 1, output: couldNotStart(command, error) }))
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString() }))
  })
}

function couldNotStart(command, error) {
  const hint = error.code === 'ENOENT' ? '; `npm test` brings it, or: node .ci/boot.mjs node .ci/check.mjs' : ''
  return `${command} could not be started: ${error.message}${hint}`
}
