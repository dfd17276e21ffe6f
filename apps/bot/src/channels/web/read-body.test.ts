import { expect, test } from 'vitest'

import { Refusal } from './errors.ts'
import { readBody } from './read-body.ts'

function requestOf(...chunks: readonly (string | Error)[]): Request {
  const left = [...chunks]
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = left.shift()
      if (chunk === undefined) controller.close()
      else if (typeof chunk === 'string') controller.enqueue(new TextEncoder().encode(chunk))
      else controller.error(chunk)
    },
  })
  const init = { method: 'POST', body, duplex: 'half' as const }
  return new Request('http://127.0.0.1/', init)
}

test('a body is read up to its limit', async () => {
  expect((await readBody(requestOf('ab', 'cd'), 4)).toString()).toBe('abcd')
  expect((await readBody(new Request('http://127.0.0.1/', { method: 'POST' }), 4)).toString()).toBe('')
})

test('one byte more is too much', async () => {
  const tooLarge = new Refusal(413, 'This is more than fits into one message: 1.5 MB at most.')
  const limit = 1.5 * 1024 ** 2
  await expect(readBody(requestOf('x'.repeat(limit), 'x', ''), limit)).rejects.toThrow(tooLarge)
  await expect(readBody(requestOf('x'.repeat(limit)), limit)).resolves.toHaveLength(limit)
})

test('a body that breaks off is refused, and is no fault of ours', async () => {
  const cause = new Error('ECONNRESET')
  const refused: unknown = await readBody(requestOf('ab', cause), 4).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refusal)
  expect(refused).toMatchObject({ status: 400, message: 'The message did not arrive whole.', cause })
})
