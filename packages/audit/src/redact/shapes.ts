import type { Range } from './ranges.ts'

// Secrets that their makers made to be recognised. No regular expression here can go back further than a few characters:
// each begins at a word that is searched for, and what follows is a run of characters whose end is looked for once.

interface Shape {
  readonly kind: string
  readonly begins: readonly string[]
  /** Characters that follow. */
  readonly run: Run
  /** At least so many follow. */
  readonly least: number
  /** No letter or digit may stand before it: it is short enough to be the end of a word. */
  readonly isWord?: boolean
}

type Run = 'letters' | 'dashed' | 'dotted' | 'base64'

/** What ends each. */
const RUNS: Readonly<Record<Run, RegExp>> = {
  letters: /[^A-Za-z0-9]/g,
  dashed: /[^A-Za-z0-9_-]/g,
  dotted: /[^A-Za-z0-9_.-]/g,
  base64: /[^A-Za-z0-9_.~+/=-]/g,
}

const SHAPES: readonly Shape[] = [
  { kind: 'anthropic-key', begins: ['sk-ant-'], run: 'dashed', least: 16 },
  { kind: 'api-key', begins: ['sk-'], run: 'dashed', least: 20, isWord: true },
  { kind: 'stripe-key', begins: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'], run: 'dashed', least: 16 },
  { kind: 'github-token', begins: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], run: 'letters', least: 20 },
  { kind: 'github-token', begins: ['github_pat_'], run: 'dashed', least: 20 },
  { kind: 'gitlab-token', begins: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-'], run: 'dotted', least: 16 },
  {
    kind: 'slack-token',
    begins: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xapp-'],
    run: 'dotted',
    least: 10,
  },
  { kind: 'aws-key', begins: ['AKIA', 'ASIA'], run: 'letters', least: 16, isWord: true },
  { kind: 'google-key', begins: ['AIza'], run: 'dashed', least: 30 },
  { kind: 'google-token', begins: ['ya29.'], run: 'dotted', least: 20 },
  { kind: 'google-secret', begins: ['GOCSPX-'], run: 'dashed', least: 16 },
  { kind: 'npm-token', begins: ['npm_'], run: 'letters', least: 30 },
  { kind: 'pypi-token', begins: ['pypi-'], run: 'dashed', least: 50 },
  { kind: 'huggingface-token', begins: ['hf_'], run: 'letters', least: 30, isWord: true },
  { kind: 'sendgrid-key', begins: ['SG.'], run: 'dotted', least: 40, isWord: true },
  { kind: 'groq-key', begins: ['gsk_'], run: 'letters', least: 30 },
  { kind: 'api-key', begins: ['xai-', 'pplx-', 'nvapi-', 'tvly-'], run: 'dashed', least: 30, isWord: true },
  { kind: 'digitalocean-token', begins: ['dop_v1_', 'doo_v1_', 'dor_v1_'], run: 'letters', least: 40 },
  { kind: 'shopify-token', begins: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], run: 'letters', least: 30 },
  { kind: 'age-key', begins: ['AGE-SECRET-KEY-1'], run: 'letters', least: 40 },
]

const SHAPE_OF: ReadonlyMap<string, Shape> = new Map(
  SHAPES.flatMap((shape) => shape.begins.map((begin) => [begin, shape] as const)),
)
const BEGINS = new RegExp([...SHAPE_OF.keys()].map((begin) => begin.replaceAll('.', '\\.')).join('|'), 'g')

/** What begins as a known kind of secret, wherever it stands. */
export function shapesIn(text: string): readonly Range[] {
  const found: Range[] = []
  let done = 0
  for (const { 0: begin, index } of text.matchAll(BEGINS)) {
    const { kind, run, least, isWord = false } = SHAPE_OF.get(begin)!
    if (index < done || (isWord && /[A-Za-z0-9]/.test(text[index - 1] ?? ''))) continue
    // One that is too short costs no more than it is long, and one that is long enough is not looked at again.
    const end = runEnd(text, index + begin.length, run)
    if (end - index - begin.length < least) continue
    found.push({ start: index, end, kind })
    done = end
  }
  return found
}

/** Where the run of characters that begins at `from` ends. */
export function runEnd(text: string, from: number, run: Run): number {
  const end = RUNS[run]
  end.lastIndex = from
  return end.exec(text)?.index ?? text.length
}
