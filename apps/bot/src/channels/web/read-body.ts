import { Refusal } from './errors.ts'

// A browser reads an answer when it has sent everything: what is too large is read to its end all the same, within reason.
const MOST_DISCARDED_BYTES = 1024 ** 3

/** The body of a request. Refuses one of more than `maxBytes`, and holds no more of it. */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = new Refusal(413, `This is more than fits into one message: ${inMegabytes(maxBytes)} at most.`)
  if (Number(request.headers.get('content-length') ?? 0) > MOST_DISCARDED_BYTES) throw tooLarge
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      if (size <= maxBytes) chunks.push(chunk)
      else chunks.length = 0
      if (size > MOST_DISCARDED_BYTES) break
    }
  } catch (error) {
    throw new Refusal(400, 'The message did not arrive whole.', { cause: error })
  }
  if (size > maxBytes) throw tooLarge
  return Buffer.concat(chunks)
}

function inMegabytes(bytes: number): string {
  return `${Math.round((bytes / 1024 ** 2) * 10) / 10} MB`
}
