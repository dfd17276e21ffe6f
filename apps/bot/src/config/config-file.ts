import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What a config file gave. */
export interface ConfigFile {
  readonly path: string
  /** Absent when there is a fault. */
  readonly value?: unknown
  readonly faults: readonly string[]
}

/** The one of the app, for whoever has none. */
const OWN_FILE = resolve(import.meta.dirname, '../../bot.config.ts')
const NAMES = ['bot.config.ts', 'bot.config.json']
const MODULES = ['.ts', '.mts', '.js', '.mjs']

/**
 * Reads the config file: the one that was asked for, else the one in `cwd`, else the app's own. A module is run, so it can
 * do what the bot can.
 */
export async function readConfigFile(
  asked: string | undefined,
  { cwd, secrets }: { readonly cwd: string; readonly secrets: readonly string[] },
): Promise<ConfigFile> {
  const here = NAMES.filter((name) => existsSync(resolve(cwd, name)))
  if (asked === undefined && here.length > 1) {
    const faults = [`Expected one config file in this folder, got ${here.map((name) => `\`${name}\``).join(' and ')}`]
    return { path: resolve(cwd, here[0]!), faults }
  }
  const path = asked === undefined ? resolve(cwd, here[0] ?? OWN_FILE) : resolve(cwd, asked)
  if (!existsSync(path)) return { path, faults: [`There is no config file \`${path}\``] }
  if (extname(path) === '.json') return readJson(path)
  if (MODULES.includes(extname(path))) return runModule(path, secrets)
  return { path, faults: [`Expected the config file \`${path}\` to end in ${MODULES.join(', ')} or .json`] }
}

async function readJson(path: string): Promise<ConfigFile> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { path, faults: [`The config file \`${path}\` cannot be read (${code})`] }
  }
  try {
    return { path, value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown, faults: [] }
  } catch (error) {
    // What else the message says is a piece of the file, which may be a secret.
    const place = /\((line \d+ column \d+)\)$/.exec((error as Error).message)?.[1]
    return { path, faults: [`The config file \`${path}\` is not JSON${place === undefined ? '' : `: see ${place}`}`] }
  }
}

async function runModule(path: string, secrets: readonly string[]): Promise<ConfigFile> {
  try {
    const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
    if ('config' in module) return { path, value: module['config'], faults: [] }
    return { path, faults: [`Expected the config file \`${path}\` to have \`export const config = …\``] }
  } catch (error) {
    return { path, faults: [`The config file \`${path}\` does not run: ${whyOf(error, path, secrets)}`] }
  }
}

function whyOf(error: unknown, path: string, secrets: readonly string[]): string {
  if (!(error instanceof Error)) return 'it threw something that is not an error'
  const [message = ''] = error.message.split('\n')
  // A complaint about the syntax quotes the file, as in `got 'sk'`.
  const told = error.name === 'SyntaxError' ? message.replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, withoutWords) : message
  // The place is its first line: of a path or, for .mts, of an address.
  const [head = ''] = error.stack?.split('\n') ?? []
  const place = [path, pathToFileURL(path).href].find((file) => head.startsWith(`${file}:`))
  const line = place === undefined ? '' : ` (line ${head.slice(place.length + 1)})`
  return secrets.reduce((text, secret) => text.replaceAll(secret, '…'), `${error.name}: ${told}${line}`)
}

function withoutWords(quoted: string): string {
  return /\w/.test(quoted) ? '…' : quoted
}
