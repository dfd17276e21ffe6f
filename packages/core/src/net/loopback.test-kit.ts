import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'

import { onTestFinished } from 'vitest'

import { undiciDial, type UndiciDialOptions } from './dial.ts'
import type { GuardedFetchOptions } from './fetch-options.ts'
import { fetchPolicy } from './fetch-policy.ts'
import { type GuardedFetch, guardedFetch } from './guarded-fetch-by.ts'
import { dnsLookup, type Lookup } from './resolve-host.ts'

/** A real HTTP server on loopback. */
export interface LoopbackServer {
  readonly port: number
  /** `GET example.com/path`, and the name that TLS asked for, one for each request. */
  readonly seen: string[]
}

/** Starts a server for the time of a test; with a certificate it speaks TLS. */
export async function loopbackServer(answer: RequestListener, identity?: Identity): Promise<LoopbackServer> {
  const seen: string[] = []
  const listener: RequestListener = (request, response) => {
    seen.push(sightOf(request))
    answer(request, response)
  }
  const server = identity === undefined ? createServer(listener) : createTlsServer({ ...identity }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, seen }
}

function sightOf({ method, headers, url, socket }: IncomingMessage): string {
  const { servername } = socket as Partial<TLSSocket>
  return `${method} ${headers.host}${url}${typeof servername === 'string' ? ` as ${servername}` : ''}`
}

/** A guarded fetch on real sockets and undici's own connector, for which every judged address is this port of loopback. */
export function loopbackFetch(
  port: number,
  lookup: Lookup | string,
  options: GuardedFetchOptions = {},
  dialOptions: UndiciDialOptions = {},
): GuardedFetch {
  return guardedFetch(fetchPolicy(options), {
    lookup: typeof lookup === 'string' ? dnsLookup([lookup]) : lookup,
    dial: undiciDial({ route: () => ({ address: '127.0.0.1', port }), ...dialOptions }),
  })
}

/** A name server that gives every name one public address. */
export const anyPublic: Lookup = () => Promise.resolve(['93.184.216.34'])

/** A key and its certificate. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

/** A self-signed certificate for `host`, or `undefined` on a machine without openssl. */
export function selfSigned(host: string): Identity | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'executus-tls-'))
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', [...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore', timeout: 10_000 })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
