// An empty project outside the repository that installs the tarballs as a user would.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { root } from '../workspace.mjs'
import { complaint } from './commands.mjs'

const light = ['@executus/core', '@executus/llm']
const mostPackages = 20

/** Installs core and llm alone, then the programs, then everything; what goes wrong with either. */
export function hostProblems(tarballs, workshop) {
  const project = join(workshop, 'host')
  mkdirSync(project)
  const programs = tarballs.filter((tarball) => tarball.programs.length > 0)
  const ofLight = tarballs.filter(({ name }) => light.includes(name))
  // Each host starts as the one before: the project is taken further, for that costs half the time of another one.
  const problems = lightHost(ofLight, project)
  if (problems.length === 0) problems.push(...programHost([...ofLight, ...programs], project))
  if (problems.length === 0) problems.push(...heavyHost(tarballs, project))
  return problems
}

/** A program is a light host itself: it brings no battery and no database, and runs. */
function programHost(tarballs, project) {
  const failed = install('programs', tarballs, project)
  if (failed.length > 0) return failed
  const programs = tarballs.filter((tarball) => tarball.programs.length > 0)
  const brought = unwantedPackages(
    project,
    programs.map(({ name }) => name),
  )
  return [
    ...brought.map((name) => `programs: installing them brings ${name}: it is for heavy hosts only`),
    ...programs.flatMap((tarball) =>
      tarball.programs.flatMap((program) =>
        complaint(program, 'npm', ['exec', '--offline', '--', program, '--help'], { cwd: project }),
      ),
    ),
  ]
}

/** No battery and no database comes along, every entry can be imported, and an agent runs. */
function lightHost(tarballs, project) {
  const failed = install('light host', tarballs, project)
  if (failed.length > 0) return failed
  const script = 'light-host.mjs'
  copyFileSync(join(root, '.ci', 'laws', script), join(project, script))
  return [
    ...unwantedPackages(project).map(
      (name) => `light host: installing core brings ${name}: it is for heavy hosts only`,
    ),
    ...tooMany(project),
    ...importEntries(tarballs, project),
    ...complaint('light host', process.execPath, [script], { cwd: project }),
  ]
}

function heavyHost(tarballs, project) {
  const failed = install('heavy host', tarballs, project)
  if (failed.length > 0) return failed
  return importEntries(
    tarballs.filter(({ name }) => !light.includes(name)),
    project,
  )
}

function install(what, tarballs, project) {
  const dependencies = Object.fromEntries(
    tarballs.map(({ name, file }) => [name, `file:../tarballs/${basename(file)}`]),
  )
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'host', private: true, type: 'module', dependencies }),
  )
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  return complaint(what, 'npm', ['install', ...options], { cwd: project })
}

/** Batteries and databases among what is installed. */
function unwantedPackages(project, expected = []) {
  const isOurs = (name) => name.startsWith('@executus/') && !light.includes(name) && !expected.includes(name)
  return installed(project).filter((name) => name === 'better-sqlite3' || isOurs(name))
}

function tooMany(project) {
  const names = installed(project)
  if (names.length <= mostPackages) return []
  return [`light host: installing core brings ${names.length} packages, over ${mostPackages}: ${names.join(', ')}`]
}

function installed(project) {
  const lock = JSON.parse(readFileSync(join(project, 'node_modules', '.package-lock.json'), 'utf8'))
  return Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13))
}

function importEntries(tarballs, project) {
  return tarballs
    .flatMap(({ entries }) => entries)
    .flatMap((entry) =>
      complaint(`import of ${entry}`, process.execPath, ['--input-type=module', '-e', `await import('${entry}')`], {
        cwd: project,
      }),
    )
}
