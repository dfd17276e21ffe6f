import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http'

import { recordingLogger, type RecordingLogger } from '@executus/core/testing'
import { onTestFinished } from 'vitest'

import { type FakeBot, fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { webChannel, type WebChannel, type WebChannelOptions } from './web-channel.ts'

export const TOKEN = 'correct-horse-battery-staple'

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  json(): unknown
}

export interface RequestOptions {
  /** Over those that the page of the chat sends; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string | Uint8Array | FormData
}

export interface Web {
  readonly bot: FakeBot
  readonly channel: WebChannel
  readonly port: number
  /** As a browser sends it: `executus_4310=...`. */
  readonly cookie: string
  /** What the page is given at the entrance, and sends along. */
  readonly pageKey: string
  readonly logger: RecordingLogger
  /** Sends `path` as it is written. */
  get(path: string, options?: RequestOptions): Promise<Reply>
  post(path: string, options?: RequestOptions): Promise<Reply>
  send(method: string, path: string, options?: RequestOptions): Promise<Reply>
  /** The answer before it is read. */
  begin(method: string, path: string, options?: RequestOptions): Promise<IncomingMessage>
}

/** The web chat over a fake bot, on a port of this machine, with the cookie of one who was let in. */
export async function openWeb(options: Partial<WebChannelOptions> = {}): Promise<Web> {
  const bot = fakeBot()
  const logger = recordingLogger()
  const person = { id: 'web:owner', name: 'Ada' }
  const channel = webChannel({ port: 0, token: TOKEN, person, logger, ...options })
  await channel.open(bot)
  onTestFinished(() => channel.close())
  const port = Number(new URL(channel.url).port)
  let cookie = ''
  let pageKey = ''

  const begin: Web['begin'] = async (method, path, { headers = {}, body } = {}) => {
    const form = body instanceof FormData ? new Response(body) : undefined
    const all = {
      cookie,
      'x-executus': pageKey,
      ...(method !== 'GET' && {
        origin: `http://127.0.0.1:${port}`,
        'sec-fetch-site': 'same-origin',
      }),
      ...(form !== undefined && { 'content-type': form.headers.get('content-type')! }),
      ...headers,
    }
    const payload =
      form === undefined ? (body as string | Uint8Array | undefined) : new Uint8Array(await form.arrayBuffer())
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: sent as Record<string, string> })
      request.on('response', resolve).on('error', reject)
      request.end(payload)
    })
  }
  const send: Web['send'] = async (method, path, asked) => {
    const response = await begin(method, path, asked)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const text = bytes.toString('utf8')
    const json = () => JSON.parse(text) as unknown
    return { status: response.statusCode!, headers: response.headers, bytes, text, json }
  }

  const entered = await send('GET', `/?token=${TOKEN}`)
  cookie = entered.headers['set-cookie']![0]!.split(';')[0]!
  pageKey = entered.headers.location!.slice('/#key='.length)
  const get: Web['get'] = (path, asked) => send('GET', path, asked)
  const post: Web['post'] = (path, asked) => send('POST', path, asked)
  return { bot, channel, port, cookie, pageKey, logger, get, post, send, begin }
}

/** What the page sends of a message. */
export function messageForm(
  fields: { readonly id?: string; readonly text?: string },
  files: readonly File[] = [],
): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const file of files) form.append('file', file)
  return form
}
