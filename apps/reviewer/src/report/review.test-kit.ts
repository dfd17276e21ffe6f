import type { Bundle } from '../bundle/bundle.ts'
import { changedFile } from '../change/changes.test-kit.ts'
import type { Cluster, Verdict } from '../consolidate/cluster.ts'
import type { Finding, Severity } from '../finding/finding.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { Lens } from '../lens/lens.ts'
import type { Cell, CellOutcome, Review } from '../review/review.ts'

export const claude: FleetMember = memberOf('anthropic/claude', 'claude')
export const gpt: FleetMember = memberOf('openai/gpt', 'gpt')
export const fleet: readonly FleetMember[] = [claude, gpt]

export const security: Lens = { name: 'security', title: 'Security', instructions: 'Look for holes.\nNo guesses.' }
export const tests: Lens = { name: 'tests', title: 'Tests', instructions: 'Look for what is not tested.' }

export const b1: Bundle = {
  id: 'b1',
  tokens: 1_200,
  parts: [bundlePart('src/login.ts', ['+const user = eval(name)', '-check(user)'])],
}
export const b2: Bundle = { id: 'b2', tokens: 90, parts: [bundlePart('src/ü [x]#1.ts', ['+const a = `b`'])] }

function bundlePart(path: string, lines: readonly string[]): Bundle['parts'][number] {
  const file = changedFile(path, lines)
  return { file, hunks: file.hunks }
}

export function memberOf(spec: string, family: string): FleetMember {
  const [provider = '', name = ''] = spec.split('/')
  return { spec, tier: name, name, family, key: provider }
}

export function ok(cell: Cell, findings = 0): CellOutcome {
  return { ...cell, status: 'ok', findings, refused: 0, elapsedMs: 1_500, costUsd: 0.01 }
}

export function hole(cell: Cell, status: 'failed' | 'timeout' | 'skipped', reason: string): CellOutcome {
  return { ...cell, status, reason, elapsedMs: 0 }
}

export function findingOf(given: Partial<Finding> = {}): Finding {
  return {
    path: 'src/login.ts',
    side: 'new',
    startLine: 12,
    endLine: 12,
    quote: 'const user = eval(name)',
    title: 'Untrusted text is run as code',
    body: 'Whoever names a user runs code on the server.',
    severity: 'critical',
    category: 'code-injection',
    confidence: 0.9,
    source: { model: 'claude', family: 'claude', lens: 'security', bundle: 'b1' },
    ...given,
  }
}

export function clusterOf(
  finding: Partial<Finding>,
  given: { readonly verdict: Verdict; readonly severity?: Severity; readonly families?: readonly string[] },
): Cluster {
  const shown = findingOf(finding)
  const { verdict, severity = shown.severity, families = ['claude'] } = given
  const members = families.map((family) => ({ ...shown, source: { ...shown.source, model: family, family } }))
  const fingerprint = `${shown.path}:${shown.quote}`.length.toString(16).padStart(16, '0')
  return { fingerprint, finding: shown, members, families, severity, confidence: shown.confidence, verdict }
}

/** Nothing is missing in it, and nothing was found. */
export function cleanReview(given: Partial<Review> = {}): Review {
  const lenses = [security, tests]
  const bundles = [b1, b2]
  const cells = bundles.flatMap((bundle) =>
    lenses.flatMap((lens) => fleet.map((member) => ok({ member, lens, bundle }))),
  )
  return {
    fleet,
    lenses,
    bundles,
    cells,
    clusters: [],
    refused: [],
    skipped: [],
    hidden: [],
    costUsd: { knownUsd: 0.08, hasUnknown: false },
    elapsedMs: 12_340,
    isDemo: false,
    ...given,
  }
}

/** All that can be in a review, and the words of a model that wants more than to be read. */
export function richReview(): Review {
  const clean = cleanReview()
  const cells = clean.cells.map((cell): CellOutcome => {
    const { member, lens, bundle } = cell
    if (member === gpt && lens === security) return hole({ member, lens, bundle }, 'failed', '429 too many requests')
    if (member === gpt && bundle === b2) return hole({ member, lens, bundle }, 'timeout', 'no answer in 300 s')
    return cell
  })
  return {
    ...clean,
    title: 'Let users \u001B[2Jlog in',
    cells,
    clusters: [
      clusterOf(
        { suggestion: 'const user = JSON.parse(name)' },
        { verdict: { type: 'confirmed', model: 'gpt', reason: 'It is so.' }, families: ['claude', 'gpt'] },
      ),
      clusterOf(
        {
          side: 'old',
          startLine: 3,
          endLine: 3,
          quote: 'check(user)',
          title: 'The check is gone',
          severity: 'high',
          category: 'missing-check',
          suggestion: 'check(user)',
        },
        { verdict: { type: 'unverified', why: 'gpt gave no answer: 429' } },
      ),
      nasty,
      clusterOf(
        { title: 'The name is short', severity: 'low', category: 'naming', startLine: 20, endLine: 21 },
        { verdict: { type: 'refuted', model: 'gpt', reason: 'Names may be short, @ann.' } },
      ),
    ],
    refused: [
      {
        reported: { ...findingOf(), quote: 'not there' },
        source: findingOf().source,
        reason: 'quote-not-found',
      },
    ],
    skipped: [
      {
        path: 'pnpm-lock.yaml',
        reason: 'lock-file',
        why: 'pnpm-lock.yaml is written by a package manager',
        changedLines: 400,
      },
      { path: 'logo.png', reason: 'binary', why: 'logo.png is binary', changedLines: 0 },
    ],
    hidden: [
      { where: 'title', kind: 'zero-width', count: 2 },
      { where: 'src/login.ts', line: 12, kind: 'bidi-control', count: 1 },
    ],
  }
}

/** Escapes, text that runs backwards, markup, code that ends its own fence, names that would be called, and no end. */
export const nasty: Cluster = clusterOf(
  {
    path: 'src/ü [x]#1.ts',
    startLine: 1,
    endLine: 2,
    quote: 'const a = `b`\n\u001B]0;owned\u0007```\u202Eevil',
    title: 'Look\u001B[31m <img src=x> @team\n# `here`',
    body: `\u001B[2J<script>alert(1)</script> @ann ![x](http://x/y.png) #12\n\`\`\`\nopen ${'x'.repeat(10_000)}`,
    severity: 'medium',
    category: 'a\u0007b',
    source: { model: 'gpt', family: 'gpt', lens: 'tests', bundle: 'b2' },
  },
  { verdict: { type: 'confirmed', model: 'claude', reason: 'Yes.' }, families: ['gpt'] },
)

/** What in `text` steers who shows it: control characters but line ends, and what turns text around. */
export function steeringIn(text: string): readonly string[] {
  return Array.from(text).filter((character) => {
    const code = character.codePointAt(0)!
    const isControl = (code < 0x20 && code !== 0x0a) || (code >= 0x7f && code <= 0x9f)
    return isControl || (code >= 0x2028 && code <= 0x202e) || (code >= 0xe0000 && code <= 0xe01ef)
  })
}
