import { INLINE_HASHES } from './page.ts'

// What a model wrote is shown on the page: whatever slips through may load nothing, send nothing and run nothing.
const PAGE_POLICY = [
  "default-src 'none'",
  `script-src 'self' ${INLINE_HASHES.script}`,
  `style-src 'self' ${INLINE_HASHES.style}`,
  "img-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** A file that somebody sent may do nothing at all, should it be opened by itself. */
export const FILE_POLICY = "default-src 'none'; sandbox"

/** On every answer, but for what the answer says by itself. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
