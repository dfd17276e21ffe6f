import { Hono } from 'hono'

import { isImageType } from '../../../attachments/image-type.ts'
import type { Bot } from '../../../bot/bot.ts'
import { contentDisposition } from '../content-disposition.ts'
import { Refusal } from '../errors.ts'
import { FILE_POLICY } from '../security-headers.ts'

/** No path, whatever is behind it. */
const NAME = /^[a-z0-9][\w.-]{0,200}$/i

/** Files that came with messages. */
export function fileRoutes(bot: Bot): Hono {
  return new Hono().get('/files/:name', async (context) => {
    const name = context.req.param('name')
    const file = NAME.test(name) ? await bot.file(name) : undefined
    if (file === undefined) throw new Refusal(404, 'There is no such file.')
    const { bytes, label, mediaType } = file
    return context.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      // What is saved to a file needs no type; what is a page or a script must not be one here.
      'content-type': isImageType(mediaType) ? mediaType : 'application/octet-stream',
      'content-disposition': contentDisposition(mediaType, label),
      'content-security-policy': FILE_POLICY,
    })
  })
}
