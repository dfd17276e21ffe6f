/** What a browser may show in a page; all else is saved to a file. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

export function isShown(mediaType: string): boolean {
  return SHOWN.has(mediaType)
}

/**
 * Names a file for who saves it: `attachment; filename="caf_.txt"; filename*=UTF-8''caf%C3%A9.txt`
 * (https://www.rfc-editor.org/rfc/rfc6266, https://www.rfc-editor.org/rfc/rfc8187). The label is a stranger's.
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
  return `${isShown(mediaType) ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${whole}`
}
