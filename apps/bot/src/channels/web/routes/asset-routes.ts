import { Hono } from 'hono'

import type { Asset } from '../assets.ts'
import { Refusal } from '../errors.ts'
import { PAGE } from '../page.ts'

/** The page, and what it loads. */
export function assetRoutes(assets: ReadonlyMap<string, Asset>): Hono {
  return new Hono()
    .get('/', (context) => context.html(PAGE))
    .get('/assets/*', (context) => {
      const asset = assets.get(context.req.path)
      if (asset === undefined) throw new Refusal(404, 'There is nothing here.')
      const { body, contentType, etag } = asset
      const headers = { 'cache-control': 'no-cache', etag }
      if (context.req.header('if-none-match')?.includes(etag)) return context.body(null, 304, headers)
      return context.body(body, 200, { ...headers, 'content-type': contentType })
    })
}
