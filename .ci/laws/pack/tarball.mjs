// A package as it is published: its tarball, and what is wrong with it.
import { basename, join, posix } from 'node:path'

import { root } from '../workspace.mjs'
import { complaint, run } from './commands.mjs'

/** Packs a package: `{ name, file, entries, programs, problems }`. */
export function pack({ folder, manifest }, destination) {
  const { name } = manifest
  const packed = run('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd: join(root, folder) })
  if (!packed.ok) return { name, entries: [], problems: [`${name}: pnpm pack failed:\n${packed.said}`] }
  const { filename, files } = JSON.parse(packed.stdout)
  const file = join(destination, basename(filename))
  // tar is given no path with a drive letter, which some builds of it take for a host.
  const text = run('tar', ['-xzOf', basename(file), 'package/package.json'], { cwd: destination }).stdout
  const published = JSON.parse(text)
  const { exports = {}, bin = {} } = published
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
  return {
    name,
    file,
    entries: entries.map((entry) => posix.join(name, entry)),
    programs: Object.keys(bin),
    problems: [
      ...wrongManifest(text).map((why) => `${name}: the packed package.json ${why}`),
      ...wrongFiles(
        published,
        files.map((packedFile) => packedFile.path),
      ).map((why) => `${name}: ${why}`),
      ...complaint(name, 'pnpm', ['exec', 'publint', file, '--strict']),
      // What is only run has no types.
      ...(entries.length === 0
        ? []
        : complaint(name, 'pnpm', ['exec', 'attw', file, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'])),
    ],
  }
}

function wrongManifest(text) {
  return ['workspace:', 'catalog:']
    .filter((protocol) => text.includes(`"${protocol}`))
    .map((protocol) => `still says ${protocol}, which only this workspace understands`)
}

function wrongFiles(published, paths) {
  const inside = new Set(paths)
  const targets = Object.entries(published.exports ?? published.bin).flatMap(([entry, target]) =>
    (typeof target === 'string' ? [target] : Object.values(target)).map((path) => ({ entry, path })),
  )
  return [
    ...targets
      .filter(({ path }) => !inside.has(posix.normalize(path)))
      .map(({ entry, path }) => `exports ${entry} leads to ${path}, which is not in the tarball: is it built?`),
    ...targets
      .filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map(({ entry, path }) => `exports ${entry} leads to the source ${path}: mend publishConfig.exports`),
    ...paths
      .filter((path) => /\.test(-d|-kit)?\.|\.tsbuildinfo$/.test(path))
      .map((path) => `${path} is in the tarball: mend "files" in package.json`),
    ...['README.md', 'LICENSE'].filter((path) => !inside.has(path)).map((path) => `${path} is not in the tarball`),
  ]
}
