import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file that the page loads. */
export interface Asset {
  readonly contentType: string
  readonly body: string
  readonly etag: string
}

/** Modules of others that client modules import by name, and where the page finds them. */
export const VENDOR_ADDRESSES: Readonly<Record<string, string>> = Object.fromEntries(
  ['preact', 'preact/hooks', 'htm', 'htm/preact', 'marked'].map((name) => [name, `/assets/vendor/${name}.js`]),
)

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const IS_OF_TESTS = /\.(?:test|test-d|test-kit)\.ts$/

/**
 * All files that there are to load, by path. They are read once: what is not among them cannot be asked for, and a page
 * never gets half of one version and half of another.
 */
export async function loadAssets(clientFolder: string): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>()
  // Not with the module: a bot without the web chat needs no compiler.
  const { transformSync } = await import('amaro')
  for (const path of await readdir(clientFolder, { recursive: true })) {
    const contentType = CONTENT_TYPES[extname(path)]
    if (contentType === undefined || IS_OF_TESTS.test(path)) continue
    const source = await readFile(`${clientFolder}/${path}`, 'utf8')
    const body = path.endsWith('.ts') ? transformSync(source, { mode: 'strip-only' }).code : source
    assets.set(`/assets/client/${path.replaceAll('\\', '/')}`, assetOf(contentType, body))
  }
  for (const [name, address] of Object.entries(VENDOR_ADDRESSES)) {
    const body = await readFile(fileURLToPath(import.meta.resolve(name)), 'utf8')
    assets.set(address, assetOf(CONTENT_TYPES['.ts']!, body))
  }
  return assets
}

function assetOf(contentType: string, body: string): Asset {
  return { contentType, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` }
}
