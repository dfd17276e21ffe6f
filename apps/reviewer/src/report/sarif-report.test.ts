import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { expect, test } from 'vitest'

import { cleanReview, clusterOf, hole, richReview } from './review.test-kit.ts'
import { sarifReport } from './sarif-report.ts'

const all = { minSeverity: 'low', minAgreement: 1 } as const

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string }
      readonly region: { readonly startLine: number; readonly endLine?: number }
    }
  }[]
  readonly partialFingerprints: Readonly<Record<string, string>>
}

interface Rule {
  readonly id: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string }
}

interface Sarif {
  readonly version: string
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Rule[] } }
    readonly invocations: readonly {
      readonly executionSuccessful: boolean
      readonly toolExecutionNotifications: object
    }[]
    readonly properties: object
    readonly results: readonly Result[]
  }[]
}

const read = (text: string) => JSON.parse(text) as Sarif
const { runs } = read(sarifReport(richReview(), all))
const { tool, results } = runs[0]!

// What https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support calls required, and
// its bounds.
test('GitHub finds all that it asks for', () => {
  expect(read(sarifReport(richReview(), all)).version).toBe('2.1.0')
  expect(runs).toHaveLength(1)
  expect(tool.driver.name).not.toBe('')
  for (const { id, shortDescription, fullDescription, help } of tool.driver.rules) {
    expect(id).toMatch(/^[a-z0-9-]+$/)
    for (const { text } of [shortDescription, fullDescription]) expect(text).toMatch(/^[^\n]{1,1024}$/)
    expect(help.text).not.toBe('')
  }
  expect(new Set(tool.driver.rules.map(({ id }) => id)).size).toBe(tool.driver.rules.length)
  expect(results).toHaveLength(3)
  for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
    expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    expect(level).toMatch(/^(error|warning|note)$/)
    expect(message.text).not.toBe('')
    expect(partialFingerprints['primaryLocationLineHash']).toMatch(/^[0-9a-f]{16}$/)
    expect(locations).toHaveLength(1)
    const { artifactLocation, region } = locations[0]!.physicalLocation
    expect(artifactLocation.uri).toMatch(/^(?!\/|\.\.)[\w.~%!*'()/-]+$/)
    expect(region.startLine).toBeGreaterThanOrEqual(1)
    expect(region.endLine ?? region.startLine).toBeGreaterThanOrEqual(region.startLine)
  }
})

test('the schema of SARIF 2.1.0 holds for every kind of review', ({ skip }) => {
  const validate = schemaOfSarif()
  if (validate === undefined) return skip('the packages that hold the schema and check by it are not installed')
  const cells = cleanReview().cells.map((cell) => hole(cell, 'skipped', 'x'))
  for (const review of [richReview(), cleanReview(), cleanReview({ cells, endedEarly: 'max-cost', isDemo: true })])
    expect(validate(JSON.parse(sarifReport(review, all)))).toEqual([])
  const { runs: _, ...without } = read(sarifReport(cleanReview(), all))
  expect(validate(without)).toHaveLength(1)
})

test('the same finding has the same rule, fingerprint and file in every run', () => {
  expect(results.map(({ ruleId, locations }) => [ruleId, locations[0]?.physicalLocation])).toEqual([
    [
      'security',
      {
        artifactLocation: { uri: 'src/login.ts', uriBaseId: '%SRCROOT%' },
        region: { startLine: 12, endLine: 12, snippet: { text: 'const user = eval(name)' } },
      },
    ],
    ['security', { artifactLocation: { uri: 'src/login.ts', uriBaseId: '%SRCROOT%' }, region: { startLine: 1 } }],
    [
      'tests',
      {
        artifactLocation: { uri: 'src/%C3%BC%20%5Bx%5D%231.ts', uriBaseId: '%SRCROOT%' },
        region: expect.objectContaining({ startLine: 1, endLine: 2 }) as object,
      },
    ],
  ])
})

test('a deleted line is named in words, as it is nowhere in the file', () => {
  expect(results[1]?.message.text).toMatch(/^The check is gone: src\/login\.ts \(deleted line 3\)\n/)
})

test('levels follow severities', () => {
  const clusters = (['critical', 'high', 'medium', 'low'] as const).map((severity) =>
    clusterOf({ severity }, { verdict: { type: 'unverified', why: 'x' } }),
  )
  const [run] = read(sarifReport(cleanReview({ clusters }), all)).runs
  expect(run?.results.map(({ level }) => level)).toEqual(['error', 'error', 'warning', 'note'])
})

test('a run of which a model failed was not successful, and says why', () => {
  expect(runs[0]?.properties).toEqual({
    coverage: 'INCOMPLETE: 5 of 8 cells (2 models x 2 lenses x 2 bundles)',
    isDemo: false,
  })
  expect(runs[0]?.invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'gpt x security failed: 429 too many requests (2 bundles)' } },
        { level: 'error', message: { text: 'gpt x tests timeout: no answer in 300 s' } },
      ],
    },
  ])
  const [clean] = read(sarifReport(cleanReview(), all)).runs
  expect(clean?.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }])
})

type Validate = (data: unknown) => readonly unknown[]

interface AjvLike {
  compile(schema: object): ((data: unknown) => boolean) & { readonly errors?: readonly unknown[] | null }
}

/** `undefined` where the packages are not installed. */
function schemaOfSarif(): Validate | undefined {
  const require = createRequire(import.meta.url)
  try {
    const { Ajv } = require('ajv') as { readonly Ajv: new (options: object) => AjvLike }
    const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
    // Ajv 8 reads draft 7; of draft 4 the schema has nothing but the names of these two.
    const { id: $id, $schema: _, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const validate = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true, validateFormats: false }).compile({
      $id,
      ...schema,
    })
    return (data) => (validate(data) ? [] : (validate.errors ?? []))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
