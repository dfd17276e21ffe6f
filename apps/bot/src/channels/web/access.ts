import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

import { GATE_PAGE } from './page.ts'

export interface AccessOptions {
  readonly port: number
  readonly token: string
  /** Stand in for the token, each once. */
  readonly invitations: Set<string>
}

type WebContext = Context<{ Bindings: HttpBindings }>

const COME_IN = 'To come in, open the address that the terminal shows.'

const COOKIE_SECONDS = 30 * 24 * 60 * 60

/**
 * Lets in who has opened the address with the token, from this machine's own page. A page of another site, which the
 * browser of the same person may show, can neither read nor do anything here.
 */
export function access({ port, token, invitations }: AccessOptions): MiddlewareHandler<{ Bindings: HttpBindings }> {
  // Browsers leave the port out where it is the usual one.
  const hosts = ['127.0.0.1', 'localhost'].map((name) => (port === 80 ? name : `${name}:${port}`))
  const cookieName = `executus_${port}`
  // Who sees one of them sees neither the token nor the other.
  const [cookieValue, pageKey] = ['executus web chat', 'executus web chat page'].map((text) =>
    createHmac('sha256', token).update(text).digest('base64url'),
  ) as [string, string]

  return async (context, next) => {
    const { req } = context
    const host = req.header('host') ?? ''
    // A name of a stranger that leads to this machine (DNS rebinding) has the stranger's page for its own.
    if (!hosts.includes(host.toLowerCase())) return refuse(context, 403, 'This is not the address of the chat.')
    if (req.method !== 'GET' && req.method !== 'POST') {
      context.header('allow', 'GET, POST')
      return refuse(context, 405, 'This can only be read or posted to.')
    }
    if (!isOfOurPage(context, host)) return refuse(context, 403, 'This can only be asked for by the page of the chat.')

    const given = req.path === '/' && req.method === 'GET' ? req.query('token') : undefined
    if (given !== undefined && (isSame(given, token) || invitations.delete(given))) {
      const options = { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: COOKIE_SECONDS } as const
      setCookie(context, cookieName, cookieValue, options)
      // The token leaves the address bar, and what it would be copied from. What follows `#` is the page's alone: it takes it
      // out of the address as well.
      return context.redirect(`/#key=${pageKey}`, 303)
    }
    if (!isSame(getCookie(context, cookieName) ?? '', cookieValue)) return refuse(context, 401, COME_IN)
    if (req.path.startsWith('/api/') && !isSame(keyIn(context), pageKey)) return refuse(context, 401, COME_IN)
    return next()
  }
}

function isOfOurPage({ req }: WebContext, host: string): boolean {
  const origin = req.header('origin')
  if (origin !== undefined && origin !== `http://${host}`) return false
  const site = req.header('sec-fetch-site')
  if (req.method !== 'GET') return site === undefined || site === 'same-origin'
  // `none`: a person has typed the address, or saves a picture.
  const isOpenable = !req.path.startsWith('/api/') || req.path.startsWith('/api/files/')
  return site === undefined || site === 'same-origin' || (site === 'none' && isOpenable)
}

/**
 * Browsers send the cookie to servers of other programs on this machine too, whose ports it does not know: by itself it opens
 * nothing but the empty page. Of what is only read, a browser asks for some without a header.
 */
function keyIn({ req }: WebContext): string {
  return req.header('x-executus') ?? (req.method === 'GET' ? req.query('key') : undefined) ?? ''
}

/** Tells people by a page what to do, and programs by JSON what is wrong. */
function refuse(context: WebContext, status: 401 | 403 | 405, words: string): Response {
  return context.req.path === '/' ? context.html(GATE_PAGE, status) : context.json({ error: words }, status)
}

/** Takes as long for a value that is nearly right as for any other. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(one!, other!)
}
