// The workspace as its folders and manifests tell it. Paths in what it returns use / and start at the root.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Everything under packages/ and apps/ that has a manifest. */
export function members() {
  return ['packages', 'apps'].flatMap((area) =>
    foldersIn(area)
      .map((name) => `${area}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => ({
        folder,
        shortName: folder.slice(folder.indexOf('/') + 1),
        isApp: area === 'apps',
        manifest: readJson(`${folder}/package.json`),
      })),
  )
}

/** The packages that are published. */
export function publicPackages() {
  return members().filter((member) => !member.isApp && member.manifest.private !== true)
}

/** The apps that are published: programs to be installed and run, which nobody imports. */
export function publicPrograms() {
  return members().filter((member) => member.isApp && member.manifest.bin !== undefined)
}

/** The files under a folder whose name ends as told, in a stable order. */
export function filesUnder(folder, ending) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return filesUnder(path, ending)
      return entry.name.endsWith(ending) ? [path] : []
    })
    .toSorted()
}

export function readText(path) {
  return readFileSync(join(root, path), 'utf8')
}

export function readJson(path) {
  try {
    return JSON.parse(readText(path))
  } catch (cause) {
    throw new Error(`${path} is not plain JSON: ${cause.message}`, { cause })
  }
}

export function isThere(path) {
  return existsSync(join(root, path))
}

function foldersIn(area) {
  if (!existsSync(join(root, area))) return []
  return readdirSync(join(root, area), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}
