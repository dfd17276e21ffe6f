import { isImageType } from '../../attachments/image-type.ts'

/**
 * Names a file for who saves it: `attachment; filename="caf_.txt"; filename*=UTF-8''caf%C3%A9.txt`
 * (https://www.rfc-editor.org/rfc/rfc6266, https://www.rfc-editor.org/rfc/rfc8187). The label is a stranger's. What is no picture is saved to a file.
 */
export function contentDisposition(mediaType: string, label: string): string {
  // No path, no control characters, and none that turn the direction of writing: `gpj.exe` must not read `exe.jpg`.
  const name = label
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}/\\]/gu, '_')
    .replace(/^\.+/, '_')
  const short = name.length > 150 ? `${name.slice(0, 100)}…${name.slice(-40)}`.toWellFormed() : name || 'file'
  const plain = short.replaceAll(/[^\x20-\x7e]|["%]/g, '_')
  const whole = encodeURIComponent(short).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
  return `${isImageType(mediaType) ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${whole}`
}
