/// <reference lib="dom" />
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import chromium from '@sparticuz/chromium'
import { type BrowserContextOptions, chromium as browserType, type Page } from 'playwright-core'

/** A browser of this machine, and what went wrong in its pages. */
export interface TestBrowser {
  /** Opens a page in a profile of its own. */
  open(address: string, options?: BrowserContextOptions): Promise<WatchedPage>
  readonly close: () => Promise<void>
}

export interface WatchedPage {
  readonly page: Page
  /** Errors, warnings and refused content of the page, dialogs, and requests to other hosts than its own; in order. */
  readonly faults: readonly string[]
  readonly close: () => Promise<void>
}

/** What the build of Chromium brings for small machines, and what would make it forgive a page that it must not. */
const UNWANTED =
  /^--(?:single-process|no-zygote|headless|disable-web-security|allow-running-insecure-content|disable-site-isolation-trials|disable-features)/

/** Of the version that package.json names. */
const UNPACKED = join(tmpdir(), 'executus-chromium-147')

/**
 * Unpacks the browser once for all tests of a machine. As a whole or not at all: another worker may do the same just now, and
 * one that is killed leaves half a file.
 */
async function unpackedBrowser(): Promise<string> {
  const path = join(UNPACKED, 'chromium')
  if (existsSync(path)) return path
  const own = mkdtempSync(`${UNPACKED}-`)
  const { TMPDIR } = process.env
  try {
    process.env['TMPDIR'] = own
    await chromium.executablePath()
    renameSync(own, UNPACKED)
  } catch (error) {
    // Somebody was faster.
    if (!existsSync(path)) throw error
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
    rmSync(own, { recursive: true, force: true })
  }
  return path
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser = await browserType.launch({
    args: chromium.args.filter((arg) => !UNWANTED.test(arg)),
    executablePath: await unpackedBrowser(),
    headless: true,
  })
  return {
    async open(address, options) {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      const faults: string[] = []
      watch(page, faults, new URL(address).host)
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
          console.error(`policy: ${violatedDirective} refused ${blockedURI} of ${sourceFile}`)
        })
      })
      await page.goto(address)
      return { page, faults, close: () => context.close() }
    },
    close: () => browser.close(),
  }
}

function watch(page: Page, faults: string[], host: string): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    const isOwn = url.host === host || url.protocol === 'blob:' || url.protocol === 'data:'
    if (!isOwn) faults.push(`request: ${request.url()}`)
  })
}
