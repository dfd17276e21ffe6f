import { createHash } from 'node:crypto'

import { VENDOR_ADDRESSES } from './assets.ts'

const IMPORT_MAP = JSON.stringify({ imports: VENDOR_ADDRESSES })

// The page of one who has no cookie loads nothing: its style is part of it.
const GATE_STYLE =
  'body{font:1rem/1.6 system-ui,sans-serif;max-width:30rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.25rem}'

/** The chat. All else of it comes from `/assets`. */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>executus</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" type="image/svg+xml" href="/assets/client/icon.svg">
    <link rel="stylesheet" href="/assets/client/style.css">
    <script type="importmap">${IMPORT_MAP}</script>
    <script type="module" src="/assets/client/main.ts"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This chat needs JavaScript. Please allow it for this address.</noscript>
  </body>
</html>
`

/** What one sees who may not see the chat. */
export const GATE_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>executus</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <style>${GATE_STYLE}</style>
  </head>
  <body>
    <h1>executus</h1>
    <p>To come in, open the address that the terminal shows. It ends with a token, and it is needed only once.</p>
  </body>
</html>
`

/** The one script and the one style that stand in our pages, as a policy names them. */
export const INLINE_HASHES = { script: hashOf(IMPORT_MAP), style: hashOf(GATE_STYLE) }

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
