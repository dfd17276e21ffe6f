// Every package has the same shape: the same files, the same manifest fields, entries that are mirrored in dist, and
// references that equal its dependencies; an app is private, or a program that is published.
import { posix } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { verdict } from './verdict.mjs'
import { isThere, members, readJson } from './workspace.mjs'

const workspace = members()
const folderByName = new Map(workspace.map((member) => [member.manifest.name, member.folder]))
const problems = workspace.flatMap((member) => (member.isApp ? judgeApp(member) : judgePackage(member)))
verdict('shape', problems, `${workspace.length} packages and apps`)

function judgeApp(member) {
  const { folder, manifest } = member
  if (manifest.private === true) return []
  if (manifest.bin === undefined) return [`${folder}/package.json: an app has "private": true, or a "bin"`]
  return [...missingFiles(member), ...wrongProgram(member), ...wrongReferences(member)]
}

function wrongProgram({ folder, shortName, manifest }) {
  const found = wrongValues(manifest, { ...published(folder, shortName), files: ['dist', '!dist/.tsbuildinfo'] })
  for (const [name, path] of Object.entries(manifest.bin))
    if (!isThere(posix.join(folder, path.replace('./dist/', './src/').replace(/\.js$/, '.ts'))))
      found.push(`bin ${name} is ${path}, which no source is built to`)
  return found.map((problem) => `${folder}/package.json: ${problem}`)
}

function judgePackage(member) {
  return [...missingFiles(member), ...wrongFields(member), ...wrongExports(member), ...wrongReferences(member)]
}

function missingFiles({ folder }) {
  return ['README.md', 'LICENSE', 'tsconfig.json']
    .filter((name) => !isThere(`${folder}/${name}`))
    .map((name) => `${folder} has no ${name}`)
}

function published(folder, shortName) {
  return {
    name: `@executus/${shortName}`,
    license: 'MIT',
    type: 'module',
    'repository.type': 'git',
    'repository.directory': folder,
    'engines.node': '>=22.19',
    'publishConfig.access': 'public',
    'scripts.build': 'tsc -b',
  }
}

function wrongValues(manifest, expected) {
  const found = Object.entries(expected)
    .filter(([path, value]) => !isDeepStrictEqual(fieldAt(manifest, path), value))
    .map(([path, value]) => `${path} is ${JSON.stringify(fieldAt(manifest, path))}, not ${JSON.stringify(value)}`)
  if (!/^\d+\.\d+\.\d+/.test(manifest.version ?? '')) found.push('version is missing')
  if (!manifest.description) found.push('description is missing')
  if (!manifest.repository?.url) found.push('repository.url is missing')
  return found
}

function wrongFields({ folder, shortName, manifest }) {
  const found = wrongValues(manifest, { ...published(folder, shortName), sideEffects: false })
  for (const name of ['dist', 'src'])
    if (!manifest.files?.includes(name)) found.push(`files lacks ${name} (declaration maps lead from dist to src)`)
  return found.map((problem) => `${folder}/package.json: ${problem}`)
}

function wrongExports({ folder, manifest }) {
  const { exports = {}, publishConfig } = manifest
  const found = ['.', './package.json']
    .filter((entry) => !(entry in exports))
    .map((entry) => `exports lacks ${JSON.stringify(entry)}`)
  for (const [entry, source] of Object.entries(exports)) {
    if (entry === './package.json') continue
    if (!/^\.\/src\/.+\.ts$/.test(source)) found.push(`exports ${entry} is not a .ts file in src`)
    else if (!isThere(posix.join(folder, source))) found.push(`exports ${entry} names ${source}, which is not there`)
  }
  const mirrored = Object.fromEntries(Object.entries(exports).map(([entry, source]) => [entry, inDist(source)]))
  if (!isDeepStrictEqual(publishConfig?.exports, mirrored))
    found.push(`publishConfig.exports is not exports seen in dist; write ${JSON.stringify(mirrored)}`)
  return found.map((problem) => `${folder}/package.json: ${problem}`)
}

function inDist(source) {
  if (!/^\.\/src\/.+\.ts$/.test(source)) return source
  const stem = source.replace('./src/', './dist/').slice(0, -'.ts'.length)
  return { types: `${stem}.d.ts`, default: `${stem}.js` }
}

/** Tests are not in the project that tsc builds, so development dependencies need no reference. */
function wrongReferences({ folder, manifest }) {
  const path = `${folder}/tsconfig.json`
  if (!isThere(path)) return []
  const { dependencies, peerDependencies, optionalDependencies } = manifest
  const wanted = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
    .filter((name) => folderByName.has(name))
    .map((name) => posix.relative(folder, folderByName.get(name)))
    .toSorted()
  const present = (readJson(path).references ?? []).map((reference) => reference.path).toSorted()
  if (isDeepStrictEqual(present, wanted)) return []
  const block = JSON.stringify(wanted.map((reference) => ({ path: reference })))
  return [`${path}: references do not equal the workspace dependencies; write "references": ${block}`]
}

function fieldAt(manifest, path) {
  return path.split('.').reduce((value, key) => value?.[key], manifest)
}
