import { expect, test } from 'vitest'

import type { ReviewPlan } from '../review/review-change.ts'
import { planCells } from '../swarm/plan-cells.ts'
import { planText } from './plan-text.ts'
import { b1, b2, fleet, richReview, security, tests } from './review.test-kit.ts'

const lenses = [security, tests]
const plan: ReviewPlan = {
  change: {},
  fleet: { members: fleet, options: { tiers: {} }, isDemo: true },
  lenses,
  bundles: [b1, b2],
  cells: planCells(fleet, lenses, [b1, b2]),
  skipped: richReview().skipped,
  hidden: [],
}

test('a plan says who would be asked what, and what would be left out', () => {
  expect(planText(plan, { hasColor: false })).toBe(`DEMO: no model is configured; the reviewers would be scripted.
8 questions (2 models x 2 lenses x 2 bundles)
Models: anthropic/claude, openai/gpt
Lenses: security, tests

b1: about 1,200 tokens
  src/login.ts +1 -1

b2: about 90 tokens
  src/ü [x]#1.ts +1 -0

Not reviewed: 2 files (1 lock file, 1 binary)
  - pnpm-lock.yaml is written by a package manager
  - logo.png is binary

About 5,160 tokens of the change would be sent, beside instructions, answers and second looks.`)
})

test('a plan without a line to look at says so', () => {
  expect(planText({ ...plan, cells: [], bundles: [] }, { hasColor: false })).toContain('\nNothing to ask\n')
})
