import type { Range } from './ranges.ts'
import { runEnd } from './shapes.ts'

// Secrets that are told by how they are put together. As in `shapes.ts`, each character is looked at a few times at most.

/** Finds all of these in a text. */
export function composedShapesIn(text: string): readonly Range[] {
  return [
    ...jsonWebTokens(text),
    ...discordTokens(text),
    ...telegramTokens(text),
    ...privateKeys(text),
    ...authorizations(text),
    ...logins(text),
  ]
}

/** `eyJ....eyJ....signature`; what has but two parts is one that was cut or is not signed. */
function jsonWebTokens(text: string): readonly Range[] {
  const found: Range[] = []
  let headEnd = 0
  let done = 0
  for (let start = text.indexOf('eyJ'); start !== -1; start = text.indexOf('eyJ', Math.max(start + 3, done))) {
    if (start >= headEnd) headEnd = runEnd(text, start, 'dashed') // all that begin in one run end with it
    if (headEnd - start < 10 || !text.startsWith('.eyJ', headEnd)) continue
    done = runEnd(text, start, 'dotted')
    found.push({ start, end: done, kind: 'jwt' })
  }
  return found
}

/** An id in base64, six characters of time, and a signature. */
function discordTokens(text: string): readonly Range[] {
  const found: Range[] = []
  for (let dot = text.indexOf('.'); dot !== -1; dot = text.indexOf('.', dot + 1)) {
    if (text[dot + 7] !== '.' || !/^[\w-]{6}$/.test(text.slice(dot + 1, dot + 7))) continue
    const id = /[\w-]{23,30}$/.exec(text.slice(Math.max(0, dot - 30), dot))
    const signature = /^[\w-]{27,60}/.exec(text.slice(dot + 8, dot + 68))
    if (id === null || signature === null) continue
    found.push({ start: dot - id[0].length, end: dot + 8 + signature[0].length, kind: 'discord-token' })
  }
  return found
}

/** `123456789:AA...` */
function telegramTokens(text: string): readonly Range[] {
  const found: Range[] = []
  for (let colon = text.indexOf(':AA'); colon !== -1; colon = text.indexOf(':AA', colon + 3)) {
    const id = /\d{8,10}$/.exec(text.slice(Math.max(0, colon - 10), colon))
    const hash = /^[\w-]{35}/.exec(text.slice(colon + 1, colon + 36))
    if (id !== null && hash !== null)
      found.push({ start: colon - id[0].length, end: colon + 36, kind: 'telegram-token' })
  }
  return found
}

/** One whose end is missing was cut off, and goes to the end of the text. */
function privateKeys(text: string): readonly Range[] {
  const found: Range[] = []
  let end = 0
  for (
    let start = text.indexOf('-----BEGIN ');
    start !== -1;
    start = text.indexOf('-----BEGIN ', Math.max(start + 11, end))
  ) {
    if (!/^[A-Z0-9 ]{0,40}PRIVATE KEY/.test(text.slice(start + 11, start + 70))) continue
    const last = text.indexOf('-----END ', start)
    const close = last === -1 ? -1 : text.indexOf('-----', last + 9)
    end = close === -1 ? text.length : close + 5
    found.push({ start, end, kind: 'private-key' })
  }
  return found
}

function authorizations(text: string): readonly Range[] {
  const found: Range[] = []
  for (const { 0: scheme, index } of text.matchAll(/\b(?:bearer|basic|token)(?:[ \t]|%20|\+){1,3}/gi)) {
    const start = index + scheme.length
    const end = runEnd(text, start, 'base64')
    const isBasic = /^basic/i.test(scheme)
    if (isBasic ? isLogin(text.slice(start, Math.min(end, start + 4_096))) : isOpaque(text, start, end))
      found.push({ start, end, kind: isBasic ? 'basic-auth' : 'bearer-token' })
  }
  return found
}

/** Long for a word, or no word: people write of bearer bonds, too. */
function isOpaque(text: string, start: number, end: number): boolean {
  return end - start >= 24 || (end - start >= 8 && /\d/.test(text.slice(start, end)))
}

function isLogin(encoded: string): boolean {
  return encoded.length >= 4 && Buffer.from(encoded, 'base64').toString('latin1').includes(':')
}

/** `scheme://user:password@host` */
function logins(text: string): readonly Range[] {
  const found: Range[] = []
  for (let colon = text.indexOf('://'); colon !== -1; colon = text.indexOf('://', colon + 3)) {
    const start = colon + 3
    const stop = /[\s"'`<>\\/?#]/g
    stop.lastIndex = start
    const at = text.slice(start, stop.exec(text)?.index ?? text.length).lastIndexOf('@')
    const isPublic = text.startsWith('git@', start) && at === 3 // the user of every git server
    if (at > 0 && !isPublic) found.push({ start, end: start + at, kind: 'login' })
  }
  return found
}
