import { fault, kindOf, nearestOf } from './config/fault.ts'
import { OWNER, OWNER_WORDS, PORT_WORDS } from './config/words.ts'

/** What the program takes from where it was started. */
export interface Environment {
  /** All of it, as llm's `fromEnv` and the search for a browser read it. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths of the command line and of variables begin at. */
  readonly cwd: string
  readonly discordToken?: string
  readonly dataFolder?: string
  readonly port?: number
  readonly owners: readonly string[]
  /** Values of variables that are secrets by their names, and long enough to be some. */
  readonly secrets: readonly string[]
  /** What is wrong with the variables of the bot; no value is in it. */
  readonly faults: readonly string[]
}

const PREFIX = 'EXECUTUS_BOT_'
const OURS = ['DATA', 'PORT', 'OWNERS']

/**
 * Reads the variables of the bot. An empty one counts as absent.
 *
 * - `DISCORD_TOKEN`: lets the bot be on Discord.
 * - `EXECUTUS_BOT_DATA`: the folder in which everything is kept.
 * - `EXECUTUS_BOT_PORT`: the port of the web chat.
 * - `EXECUTUS_BOT_OWNERS`: owners beside those of the config file, between commas.
 */
export function environmentFrom(
  env: Readonly<Record<string, string | undefined>> = process.env,
  cwd: string = process.cwd(),
): Environment {
  const variables = Object.freeze({ ...env })
  const read = (name: string) => variables[name]?.trim() || undefined
  const discordToken = read('DISCORD_TOKEN')
  const dataFolder = read('EXECUTUS_BOT_DATA')
  const port = read('EXECUTUS_BOT_PORT')
  const owners = splitList(read('EXECUTUS_BOT_OWNERS') ?? '')
  const isPort = port !== undefined && /^\d{1,5}$/.test(port) && Number(port) <= 65_535
  const isToken = discordToken !== undefined && /^[\x21-\x7e]+$/.test(discordToken)

  const faults = [
    ...(discordToken === undefined || isToken ? [] : ['Expected `DISCORD_TOKEN` to be printable ASCII without spaces']),
    ...(port === undefined || isPort ? [] : [fault('EXECUTUS_BOT_PORT', PORT_WORDS, port)]),
    ...owners.flatMap((owner, index) =>
      OWNER.test(owner)
        ? []
        : [`Expected entry ${index + 1} of \`EXECUTUS_BOT_OWNERS\` to be ${OWNER_WORDS}, got ${kindOf(owner)}`],
    ),
    ...unknownVariables(variables),
  ]
  return {
    variables,
    cwd,
    ...(isToken && { discordToken }),
    ...(dataFolder !== undefined && { dataFolder }),
    ...(isPort && { port: Number(port) }),
    owners: owners.filter((owner) => OWNER.test(owner)),
    secrets: Object.entries(variables).flatMap(([name, value = '']) => secretsIn(name, value.trim())),
    faults,
  }
}

/** Without the secrets: for a program that is none of ours, such as a browser. */
export function withoutSecrets(variables: Environment['variables']): Environment['variables'] {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isSecret(name)))
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function unknownVariables(variables: Environment['variables']): readonly string[] {
  return Object.keys(variables)
    .filter((name) => name.startsWith(PREFIX) && !OURS.includes(name.slice(PREFIX.length)))
    .toSorted()
    .map((name) => {
      const nearest = nearestOf(name.slice(PREFIX.length), OURS)
      return `There is no variable \`${name}\`${nearest === undefined ? '' : `. Did you mean \`${PREFIX}${nearest}\`?`}`
    })
}

function isSecret(name: string): boolean {
  return /(API_?KEY|ACCESS_KEY|PRIVATE_KEY|TOKEN|SECRET|PASSWORD|PASSWD)$/i.test(name)
}

/** What local servers are given for a key, `none` or `ollama`, would be taken out of every text that has the word. */
const SHORTEST_SECRET = 8

function secretsIn(name: string, value: string): readonly string[] {
  return isSecret(name) && value.length >= SHORTEST_SECRET ? [value] : []
}
