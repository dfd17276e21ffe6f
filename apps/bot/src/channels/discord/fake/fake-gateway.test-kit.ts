import type { Server } from 'node:http'

import { GatewayIntentBits } from 'discord.js'
import { type WebSocket, WebSocketServer } from 'ws'

import { snowflake } from './fake-world.test-kit.ts'

interface Session {
  readonly id: string
  /** What was told, whether or not anybody listened: the missed ones are told again to who resumes. */
  readonly told: Packet[]
  socket: WebSocket | undefined
}

interface Packet {
  readonly op: number
  readonly s: number
  readonly t: string
  readonly d: unknown
}

/** What a client sends. */
interface Sent {
  readonly op: number
  readonly d: { readonly token: string; readonly intents: number; readonly session_id: string; readonly seq: number }
}

export interface FakeGatewayOptions {
  readonly token: string
  readonly heartbeatMs: number
  readonly allowsMessageContent: boolean
  /** What READY holds, and what is told after it. */
  readonly ready: () => object
  readonly afterReady: () => readonly { readonly t: string; readonly d: unknown }[]
}

const DISPATCH = 0
const HEARTBEAT = 1
const IDENTIFY = 2
const RESUME = 6
const INVALID_SESSION = 9
const HELLO = 10
const HEARTBEAT_ACK = 11

/** Discord's gateway: it tells sessions what happens, and those that come back what they missed. */
export class FakeGateway {
  readonly #options: FakeGatewayOptions
  readonly #server: WebSocketServer
  readonly #sessions = new Map<string, Session>()
  /** `identify`, `resume 12`, `invalid session`, `close 4000`: in order. */
  readonly log: string[] = []
  heartbeats = 0
  url = ''

  constructor(server: Server, options: FakeGatewayOptions) {
    this.#options = options
    this.#server = new WebSocketServer({ server })
    this.#server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => this.#take(socket, JSON.parse(data.toString()) as Sent))
      socket.on('error', () => {})
      send(socket, { op: HELLO, d: { heartbeat_interval: options.heartbeatMs } })
    })
  }

  /** How many connections there are, also those that are being closed. */
  get connections(): number {
    return this.#server.clients.size
  }

  /** How many clients listen. */
  get listening(): number {
    return [...this.#sessions.values()].filter(({ socket }) => socket !== undefined).length
  }

  /** Tells all sessions of something; those whose client is away are told when it comes back. */
  dispatch(t: string, d: unknown): void {
    for (const session of this.#sessions.values()) tell(session, t, d)
  }

  /** Cuts all connections; the sessions stay. `undefined` cuts them without a word. */
  close(code: number | undefined): void {
    this.log.push(`close ${code ?? 'without a word'}`)
    for (const session of this.#sessions.values()) {
      if (code === undefined) session.socket?.terminate()
      else session.socket?.close(code)
      session.socket = undefined
    }
  }

  /** Cuts all connections, and forgets what was told: who comes back has to begin anew. */
  forgetSessions(code: number): void {
    this.close(code)
    this.#sessions.clear()
  }

  end(): void {
    for (const client of this.#server.clients) client.terminate()
    this.#server.close()
  }

  #take(socket: WebSocket, { op, d }: Sent): void {
    if (op === HEARTBEAT) {
      this.heartbeats += 1
      send(socket, { op: HEARTBEAT_ACK })
    } else if (op === IDENTIFY) this.#identify(socket, d)
    else if (op === RESUME) this.#resume(socket, d)
  }

  #identify(socket: WebSocket, { token, intents }: Sent['d']): void {
    this.log.push('identify')
    if (token !== this.#options.token) return socket.close(4004, 'Authentication failed.')
    if ((intents & GatewayIntentBits.MessageContent) !== 0 && !this.#options.allowsMessageContent)
      return socket.close(4014, 'Disallowed intent(s).')
    const session: Session = { id: `session-${snowflake()}`, told: [], socket }
    this.#sessions.set(session.id, session)
    this.#release(socket, session)
    tell(session, 'READY', { ...this.#options.ready(), session_id: session.id, resume_gateway_url: this.url })
    for (const { t, d } of this.#options.afterReady()) tell(session, t, d)
  }

  #resume(socket: WebSocket, { token, session_id, seq }: Sent['d']): void {
    this.log.push(`resume ${seq}`)
    const session = this.#sessions.get(session_id)
    if (session === undefined || token !== this.#options.token || seq > session.told.length) {
      this.log.push('invalid session')
      return send(socket, { op: INVALID_SESSION, d: false })
    }
    for (const packet of session.told.filter(({ s }) => s > seq)) send(socket, packet)
    session.socket = socket
    this.#release(socket, session)
    tell(session, 'RESUMED', {})
  }

  #release(socket: WebSocket, session: Session): void {
    socket.on('close', () => {
      if (session.socket === socket) session.socket = undefined
    })
  }
}

function tell(session: Session, t: string, d: unknown): void {
  const packet = { op: DISPATCH, s: session.told.length + 1, t, d }
  session.told.push(packet)
  if (session.socket !== undefined) send(session.socket, packet)
}

function send(socket: WebSocket, packet: object): void {
  socket.send(JSON.stringify(packet))
}
