/** A secret of the host, with what each encoding must change. */
export const CANARY = 'c4nary "7f3é \\ &+/=9b1d'

/** Ways to write a secret, by other means than those that look for it. */
export const SPELLINGS: Readonly<Record<string, string>> = {
  raw: CANARY,
  json: JSON.stringify(CANARY).slice(1, -1),
  'json in json': JSON.stringify(JSON.stringify(CANARY)).slice(1, -1),
  'unicode escapes': Array.from(CANARY, (one) => `\\u${one.codePointAt(0)!.toString(16).padStart(4, '0')}`).join(''),
  'url path': encodeURIComponent(CANARY),
  'url query': new URLSearchParams({ q: CANARY }).toString().slice(2),
  'every byte': Array.from(Buffer.from(CANARY), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'url twice': encodeURIComponent(encodeURIComponent(CANARY)),
  base64: Buffer.from(CANARY).toString('base64'),
  'base64 behind one byte': Buffer.from(`:${CANARY}`).toString('base64'),
  'base64 behind two bytes': Buffer.from(`u:${CANARY}!`).toString('base64'),
  base64url: Buffer.from(`xy${CANARY}`).toString('base64url'),
  'base64 in lines': Buffer.from(CANARY).toString('base64').replaceAll(/.{9}/g, '$&\n'),
  hex: Buffer.from(CANARY).toString('hex'),
  'capital hex': Buffer.from(CANARY).toString('hex').toUpperCase(),
  'base64 twice': Buffer.from(`a${Buffer.from(`k:${CANARY}`).toString('base64')}`).toString('base64'),
  'json in base64': Buffer.from(JSON.stringify({ k: CANARY })).toString('base64'),
  'url in base64': Buffer.from(`https://h/?k=${encodeURIComponent(CANARY)}`).toString('base64url'),
  'hex in base64': Buffer.from(`0x${Buffer.from(CANARY).toString('hex')}`).toString('base64'),
  'base64 in hex': Buffer.from(Buffer.from(CANARY).toString('base64')).toString('hex'),
}

/** Secrets that nobody told of, in the shapes that give them away. Each is put together here, as scanners look at files. */
export const SHAPED: Readonly<Record<string, string>> = {
  anthropic: `sk-ant-api03-${'aB3_'.repeat(20)}`,
  openai: `sk-proj-${'aB3'.repeat(12)}`,
  github: `ghp_${'aB3'.repeat(12)}`,
  'github, fine': `github_pat_${'aB3_'.repeat(10)}`,
  gitlab: `glpat-${'aB3-'.repeat(5)}`,
  slack: `xoxb-123456789012-${'aB3'.repeat(8)}`,
  aws: `AKIA${'ABCD2345'.repeat(2)}`,
  google: `AIza${'aB3_-'.repeat(7)}`,
  jwt: `eyJhbGciOiJI${'aB3'.repeat(4)}.eyJzdWIiOiIx${'aB3'.repeat(4)}.${'aB3_'.repeat(8)}`,
  pem: `-----BEGIN RSA PRIVATE KEY-----\n${'aB3/'.repeat(16)}\n-----END RSA PRIVATE KEY-----`,
  npm: `npm_${'aB3'.repeat(12)}`,
  discord: `${'MTAx'.repeat(6)}.GaBc-1.${'aB3_'.repeat(8)}`,
  telegram: `123456789:AA${'aB3'.repeat(11)}`,
  stripe: `sk_live_${'aB3'.repeat(8)}`,
  bearer: `Bearer ${'aB3._~'.repeat(5)}`,
}

/** Secrets that only a name tells of; `S3CR-et` is what must not be kept. */
export const LABELLED: Readonly<Record<string, string>> = {
  json: '{"password":"S3CR-et"}',
  'json, cut off': '{"a":1,"api_key":"S3CR-et',
  'json in json': JSON.stringify({ text: JSON.stringify({ clientSecret: 'S3CR-et' }) }),
  'an object': '{"credentials":{"user":"u","x":["S3CR-et"]},"b":1}',
  'an odd name': String.raw`{"pass\u0077ord":"S3CR-et"}`,
  yaml: 'db:\n  Private-Key: S3CR-et\n',
  environment: 'export DB_PASSWORD=S3CR-et; x',
  header: 'X-Api-Key: S3CR-et\r\nHost: h',
  cookie: 'Set-Cookie: sid=1; S3CR-et; Path=/',
  authorization: 'Authorization: Digest username="u", S3CR-et',
  basic: `curl -H 'Authorization: Basic ${Buffer.from('u:S3CR-et').toString('base64')}'`,
  query: 'https://h/x?user=1&access_token=S3CR-et&y=2',
  signed: 'https://b.example/f?X-Amz-Date=1&X-Amz-Signature=S3CR-et',
  sas: 'https://b.example/f?sv=1&sig=S3CR-et%3D',
  login: 'postgres://user:S3CR-et@db/x',
  flag: 'login --user eve --password S3CR-et --now',
  sentence: 'Your API key: S3CR-et.',
  markdown: '- **Password:** S3CR-et\n- **Password**: S3CR-et\n- Password: **S3CR-et**',
  'yaml, a block': 'a:\n  passphrase: |-\n    S3CR-et\n    S3CR-et\n  b: 1',
  xml: '<server><password>S3CR-et</password></server>',
  code: 'const password: string = "S3CR-et"',
  'a user': "curl -u 'eve:S3CR-et' https://h",
}

/** What of a labelled secret must not be found: itself, or itself in base64. */
export const LABELLED_SECRET = /S3CR-et|UzNDUi1ld|MzQ1ItZX|TM0NSLWV0/

/** The text as it reads with the escapes of JSON undone, as often as there are any. */
function readings(text: string): readonly string[] {
  const once = text.replaceAll(/\\(["\\/])/g, '$1').replaceAll(String.raw`\n`, '\n')
  return once === text ? [text] : [text, ...readings(once)]
}

/** What begins the canary in each alphabet: plain, in base64 at each of its three places, and in hex. */
const STEMS = ['c4nary', '=9b1d', 'YzRuYXJ5', 'M0bmFye', 'jNG5hcn', '63346e61', '63346E61', '%63%34%6e', 'u0063']

/** What a text still tells of the canary. */
export function tracesIn(text: string): readonly string[] {
  const spellings = Object.values(SPELLINGS).filter((spelling) => readings(text).some((one) => one.includes(spelling)))
  return [...STEMS.filter((stem) => text.includes(stem)), ...spellings]
}
