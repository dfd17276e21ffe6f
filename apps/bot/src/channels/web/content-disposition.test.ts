import { expect, test } from 'vitest'

import { contentDisposition } from './content-disposition.ts'

test.for<[mediaType: string, label: string, header: string]>([
  ['image/png', 'cat.png', `inline; filename="cat.png"; filename*=UTF-8''cat.png`],
  ['image/webp', 'cat.webp', `inline; filename="cat.webp"; filename*=UTF-8''cat.webp`],
  ['image/svg+xml', 'cat.svg', `attachment; filename="cat.svg"; filename*=UTF-8''cat.svg`],
  ['text/html', 'a page.html', `attachment; filename="a page.html"; filename*=UTF-8''a%20page.html`],
  ['text/plain', 'café.txt', `attachment; filename="caf_.txt"; filename*=UTF-8''caf%C3%A9.txt`],
  ['text/plain', `a"b'(c)*.txt`, `attachment; filename="a_b'(c)*.txt"; filename*=UTF-8''a%22b%27%28c%29%2a.txt`],
  ['text/plain', 'a%41.txt', `attachment; filename="a_41.txt"; filename*=UTF-8''a%2541.txt`],
  ['text/plain', '../../etc/passwd', `attachment; filename="__.._etc_passwd"; filename*=UTF-8''__.._etc_passwd`],
  [
    'text/plain',
    'a\r\nset-cookie: b',
    `attachment; filename="a__set-cookie: b"; filename*=UTF-8''a__set-cookie%3A%20b`,
  ],
  ['text/plain', 'a\u{202E}txt.exe', `attachment; filename="a_txt.exe"; filename*=UTF-8''a_txt.exe`],
  ['text/plain', '\uD800.txt', `attachment; filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`],
  ['text/plain', '', `attachment; filename="file"; filename*=UTF-8''file`],
])('%s called %j', ([mediaType, label, header]) => {
  expect(contentDisposition(mediaType, label)).toBe(header)
})

test('a long name is cut in its middle, so that it keeps its ending', () => {
  const header = contentDisposition('text/plain', `${'😀'.repeat(200)}.txt`)
  expect(header).toMatch(/\.txt$/)
  expect(header.length).toBeLessThan(2_000)
})
