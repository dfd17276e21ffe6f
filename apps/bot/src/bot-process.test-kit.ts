import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

import { onTestFinished } from 'vitest'

import { tempFolder } from './temp-folder.test-kit.ts'

const MAIN = new URL('./main.ts', import.meta.url).pathname

/** A bot as people start it, in a process of its own. */
export interface BotProcess {
  readonly pid: number
  /** The address that it shows, with the token. */
  readonly address: string
  /** All that it has printed. */
  readonly output: () => string
  /** Closes the reading ends of what it prints to. */
  readonly deafen: () => void
  /** Ends it as the signal does; gives its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

/** A folder and a port of a bot, which stay when it is started again. */
export async function botHome(): Promise<{ readonly folder: string; readonly port: number }> {
  return { folder: tempFolder(), port: await freePort() }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface StartOptions {
  /** @default without a model */
  readonly env?: Readonly<Record<string, string>>
  /** A module that the process runs before the bot. */
  readonly before?: string
}

/** Starts `npm run bot` without npm; no browser is opened. Resolves when it can be reached. */
export async function startBot(
  { folder, port }: Awaited<ReturnType<typeof botHome>>,
  { env = {}, before }: StartOptions = {},
): Promise<BotProcess> {
  const more = before === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(before)}`]
  const child = spawn(process.execPath, [...more, MAIN, '--data', folder, '--port', String(port), '--no-open'], {
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  // Its folder goes after it.
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  let output = ''
  const { promise: address, resolve, reject } = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const [shown] = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(output) ?? []
      if (shown !== undefined) resolve(shown)
    })
  void exited.then((end) => reject(new Error(`the bot ended with ${end}: ${output}`)))
  return {
    pid: child.pid!,
    address: await address,
    output: () => output,
    deafen: () => {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    end: (signal) => {
      child.kill(signal)
      return exited
    },
  }
}
