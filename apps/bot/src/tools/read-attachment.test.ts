import { expect, test } from 'vitest'

import { type ToolHost, toolHost } from './tool-host.test-kit.ts'

const keep = async ({ files }: ToolHost, source: { text: string } | { base64: string }, mediaType = 'text/plain') =>
  (await files.save({ run: { runId: 'r' }, name: 'a', mediaType, source })).name

const asRun = (runId: string) => ({ runId, caller: 'web:ann' })

test('a text is read in slices, each of which tells how to go on', async () => {
  const host = await toolHost()
  const text = `${'x'.repeat(9_999)}\u{1F43B}${'y'.repeat(50)}`
  const name = await keep(host, { text })
  const first = await host.call('read_attachment', { name }, asRun('r'))
  expect(first.text).toBe(`[characters 1 to 9999 of 10051; go on with from: 10000]\n${'x'.repeat(9_999)}`)
  const second = await host.call('read_attachment', { name, from: 10_000 }, asRun('r'))
  expect(second.text).toBe(`[characters 10000 to 10051 of 10051]\n\u{1F43B}${'y'.repeat(50)}`)
  expect(await host.call('read_attachment', { name, from: 10_052 }, asRun('r'))).toMatchObject({ isError: true })
})

test('an empty text is read as such', async () => {
  const host = await toolHost()
  const name = await keep(host, { text: '' })
  expect(await host.call('read_attachment', { name }, asRun('r'))).toEqual({
    isError: false,
    text: '[characters 0 to 0 of 0]\n',
  })
})

test('a file of another run is not there, and neither is one that nobody kept', async () => {
  const host = await toolHost()
  const name = await keep(host, { text: 'secret' })
  for (const asked of [name, 'file-0000000000000000']) {
    expect(await host.call('read_attachment', { name: asked }, asRun('other'))).toEqual({
      isError: true,
      text: `read_attachment failed: There is no file ${asked} in this run`,
    })
  }
})

test('what is no text is not read', async () => {
  const host = await toolHost()
  const name = await keep(host, { base64: Buffer.from([0x89, 0x50, 0xff]).toString('base64') }, 'image/png')
  expect(await host.call('read_attachment', { name }, asRun('r'))).toMatchObject({
    isError: true,
    text: `read_attachment failed: ${name} is not text: image/png, 3 bytes`,
  })
})
