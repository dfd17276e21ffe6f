import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type Clock, consoleLogger, type Logger, systemClock } from '@executus/core'
import { checkCount, checkText } from '@executus/core/check-option'
import { getRequestListener } from '@hono/node-server'

import type { Channel } from '../../channel/channel.ts'
import type { Person } from '../../view/entry.ts'
import { loadAssets } from './assets.ts'
import { EventStreams } from './event-streams.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import { webApp } from './web-app.ts'

export interface WebChannelOptions {
  /** `0`: any that is free. */
  readonly port: number
  /** What lets in; it is part of the address that the terminal shows. */
  readonly token: string
  /** Who uses the chat: whoever has the token is this one. */
  readonly person: Person
  /** Of one message, with all its files. @default 67_108_864 */
  readonly maxUploadBytes?: number
  /** Where faults are told. @default core's `consoleLogger` */
  readonly logger?: Logger
  /** @default core's `systemClock` */
  readonly clock?: Clock
}

export interface WebChannel extends Channel {
  /** Where the chat is, while it is open: `http://127.0.0.1:4310/`. */
  readonly url: string
  /** The same with the token: the address to open. */
  readonly entryUrl: string
  /** An address that lets in once: for a browser's command line, which all on the machine can read. */
  invite(): string
}

const HOST = '127.0.0.1'

const MOST_UPLOAD_BYTES = 64 * 1024 ** 2

/** For what was asked before the end: it is answered, or given up. */
const GRACE_MS = 2_000

const CLIENT_FOLDER = `${import.meta.dirname}/client`

/** The chat on a page of this machine. People read the log by themselves, so nothing is sent. */
export function webChannel(options: WebChannelOptions): WebChannel {
  checkCount('port', options.port, 0)
  if (options.port > 65_535) throw new RangeError(`Expected \`port\` to be 65535 at most, got \`${options.port}\``)
  checkText('token', options.token)
  const { token, person, maxUploadBytes = MOST_UPLOAD_BYTES, logger = consoleLogger, clock = systemClock } = options
  const streams = new EventStreams(clock)
  const invitations = new Set<string>()
  let server: Server | undefined
  let closed: Promise<void> | undefined

  const url = (): string => {
    const address = server?.address() as AddressInfo | null | undefined
    if (!address) throw new Error('The web chat is not open.')
    return `http://${HOST}:${address.port}/`
  }

  return {
    name: 'web',
    get url() {
      return url()
    },
    get entryUrl() {
      return `${url()}?token=${encodeURIComponent(token)}`
    },
    invite() {
      const invitation = randomBytes(32).toString('base64url')
      invitations.add(invitation)
      return `${url()}?token=${invitation}`
    },
    async open(bot) {
      const assets = await loadAssets(CLIENT_FOLDER)
      const opened = createServer()
      await listen(opened, options.port)
      if (closed !== undefined) {
        opened.close()
        throw new Error('The web chat was closed while it opened.')
      }
      server = opened
      // A connection that cannot be accepted, for want of file handles say, must not end the process.
      opened.on('error', (error) => logger.error('the web chat could not take a connection', error))
      const { port } = opened.address() as AddressInfo
      const shared = { bot, person, assets, streams, maxUploadBytes, logger, isClosing: () => closed !== undefined }
      const app = webApp({ ...shared, port, token, invitations })
      const listener = getRequestListener(app.fetch, {
        // The `Request` and `Response` of all else in this process stay what they are.
        overrideGlobalObjects: false,
        // What is no request at all does not come as far as the app.
        errorHandler: () => Response.json({ error: 'This is no request.' }, { status: 400, headers: SECURITY_HEADERS }),
      })
      opened.on('request', (request, response) => void listener(request, response))
    },
    close() {
      closed ??= server === undefined ? Promise.resolve() : shut(server)
      return closed
    },
  }

  async function shut(opened: Server): Promise<void> {
    const isShut = once(opened, 'close')
    streams.end()
    opened.close()
    const callOff = clock.after(GRACE_MS, () => opened.closeAllConnections())
    await isShut
    callOff()
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Error(
        `The web chat cannot use port ${port}: another program has it. Choose another one by \`--port\`, or as \`web.port\` in the config file.`,
        { cause: error },
      )
    if (code === 'EACCES')
      throw new Error(
        `The web chat may not use port ${port} on this machine. Set one above 1023 as \`web.port\` in the config file.`,
        { cause: error },
      )
    throw error
  }
}
