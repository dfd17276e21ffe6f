import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { tempFolder } from '../../temp-folder.test-kit.ts'
import { type Asset, loadAssets, VENDOR_ADDRESSES } from './assets.ts'

async function assetsOf(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Asset>> {
  const folder = tempFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return loadAssets(folder)
}

const inClient = (assets: ReadonlyMap<string, Asset>) =>
  [...assets.keys()].filter((path) => path.startsWith('/assets/client/')).toSorted()

test('a client module is served without its types, and runs', async () => {
  const source = 'export const twice = <T extends number>(value: T): number => (value as number) * 2 satisfies number\n'
  const { body, contentType } = (await assetsOf({ 'main.ts': source })).get('/assets/client/main.ts')!
  expect(contentType).toBe('text/javascript; charset=utf-8')
  const module = (await import(dataUrl(body))) as { twice(value: number): number }
  expect(module.twice(21)).toBe(42)
})

test('styles and pictures are served as they are, and nothing of tests or of another kind', async () => {
  const assets = await assetsOf({
    'style.css': 'a { color: red }',
    'icon.svg': '<svg/>',
    'view/list.ts': 'export {}',
    'view/list.test.ts': 'export {}',
    'view/list.e2e.test.ts': 'export {}',
    'view/list.test-d.ts': 'export {}',
    'page.test-kit.ts': 'export {}',
    'notes.md': 'secret',
    'page.html': '<p>',
    'main.js': 'export {}',
    '.env': 'secret',
  })
  expect(inClient(assets)).toEqual([
    '/assets/client/icon.svg',
    '/assets/client/style.css',
    '/assets/client/view/list.ts',
  ])
  expect(assets.get('/assets/client/style.css')).toMatchObject({
    contentType: 'text/css; charset=utf-8',
    body: 'a { color: red }',
  })
  expect(assets.get('/assets/client/icon.svg')).toMatchObject({ contentType: 'image/svg+xml', body: '<svg/>' })
})

test('the etag is that of the content', async () => {
  const [one, same, other] = await Promise.all(
    ['a{}', 'a{}', 'b{}'].map(
      async (text) => (await assetsOf({ 'style.css': text })).get('/assets/client/style.css')!.etag,
    ),
  )
  expect(one).toMatch(/^"[\w-]{27}"$/)
  expect(same).toBe(one)
  expect(other).not.toBe(one)
})

test.for([
  ['preact', 'h'],
  ['preact/hooks', 'useState'],
  ['htm', 'default'],
  ['htm/preact', 'html'],
  ['marked', 'lexer'],
])('the vendor module %s runs with nothing but what the page can load, and has %s', async ([name, has]) => {
  const assets = await assetsOf({})
  const load = (one: string): string => {
    const { body, contentType } = assets.get(VENDOR_ADDRESSES[one]!)!
    expect(contentType).toBe('text/javascript; charset=utf-8')
    return dataUrl(body.replaceAll(/from ?"((?:preact|htm)[\w/]*)"/g, (_, bare: string) => `from"${load(bare)}"`))
  }
  expect(await import(load(name!))).toHaveProperty(has!)
})

function dataUrl(body: string): string {
  return `data:text/javascript;base64,${Buffer.from(body).toString('base64')}`
}
