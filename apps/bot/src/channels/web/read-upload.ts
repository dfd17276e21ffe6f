import { z } from 'zod'

import type { IncomingFile } from '../../bot/bot.ts'
import { Refusal } from './errors.ts'
import { readBody } from './read-body.ts'

/** What somebody wrote and added on the page. */
export interface Upload {
  /** Made by the page: the same at every attempt. */
  readonly id: string
  readonly text: string
  readonly files: readonly IncomingFile[]
}

/** One could send a book as a file; as a message it would only make the page slow. */
const LONGEST_TEXT = 100_000

const fields = z.object({
  id: z.uuid('The message needs an id that is a UUID.'),
  text: z
    .string('The message needs a text.')
    .max(LONGEST_TEXT, 'This text is longer than 100,000 characters. Add it as a file instead.'),
  files: z.array(z.instanceof(File, { error: 'A `file` of the message is not a file.' })),
})

/** @throws Refusal when it is too large, or not what the page sends */
export async function readUpload(request: Request, maxBytes: number): Promise<Upload> {
  const body = await readBody(request, maxBytes)
  const form = await formOf(body, request.headers.get('content-type') ?? '')
  const [id, text, files] = [form.get('id'), form.get('text'), form.getAll('file')]
  // A form turns every line break into two characters (https://html.spec.whatwg.org/multipage/#multipart-form-data).
  const asWritten = typeof text === 'string' ? text.replaceAll('\r\n', '\n') : text
  const parsed = fields.safeParse({ id, text: asWritten, files })
  if (!parsed.success) throw new Refusal(400, parsed.error.issues[0]!.message)
  const { data } = parsed
  // A file field that nobody filled in comes as a file without a name.
  const chosen = data.files.filter(({ name, size }) => name !== '' || size > 0)
  if (data.text.trim() === '' && chosen.length === 0) throw new Refusal(400, 'Write something, or add a file.')
  return { id: data.id, text: data.text, files: chosen.map(incomingFile) }
}

async function formOf(body: Buffer<ArrayBuffer>, contentType: string): Promise<FormData> {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) throw new Refusal(400, 'A message is sent as a form with files.')
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    throw new Refusal(400, 'The message cannot be read.', { cause: error })
  }
}

function incomingFile(file: File): IncomingFile {
  return {
    label: file.name,
    size: file.size,
    async read({ maxBytes }) {
      if (file.size > maxBytes) throw new RangeError(`the file has ${file.size} bytes, which is more than ${maxBytes}`)
      return new Uint8Array(await file.arrayBuffer())
    },
  }
}
