import { z } from 'zod'

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least)
}

/** What a model reports. Its line is a hint alone: the quote says where it is. */
const reportedFinding = z.object({
  path: z.string().describe('The path of the file, as the change names it.'),
  quote: z
    .string()
    .describe('The line or the few lines that are wrong, copied from the new file character by character.'),
  line: z.number().int().optional().describe('The number of the first of these lines, as far as it is known.'),
  title: z.string().describe('What is wrong, in one short sentence.'),
  body: z.string().describe('Why it is wrong, what happens because of it, and what to do instead.'),
  severity: z.enum(SEVERITIES),
  category: z
    .string()
    .describe('What kind of fault it is, in lower-case words with hyphens: `sql-injection`, `race-condition`.'),
  confidence: z.number().min(0).max(1).describe('How sure you are, from 0 to 1.'),
  suggestion: z.string().optional().describe('The lines that should stand there instead, if that is short.'),
})

export const reportedFindings = z.object({ findings: z.array(reportedFinding) })

export type ReportedFinding = z.infer<typeof reportedFinding>

/** A reported finding whose quote was found in the change. */
export interface Finding {
  readonly path: string
  /** The file that the lines count in. A quote is looked for in the new one; a deleted line is in the old one. */
  readonly side: 'new' | 'old'
  readonly startLine: number
  readonly endLine: number
  /** As the file has it. */
  readonly quote: string
  readonly title: string
  readonly body: string
  readonly severity: Severity
  readonly category: string
  readonly confidence: number
  readonly suggestion?: string | undefined
  readonly source: FindingSource
}

/** Who reported it. */
export interface FindingSource {
  readonly model: string
  readonly family: string
  readonly lens: string
  readonly bundle: string
}

/** A report that is about no line of the change. */
export interface RefusedFinding {
  readonly reported: ReportedFinding
  readonly source: FindingSource
  readonly reason: 'unknown-file' | 'quote-not-found' | 'quote-empty' | 'quote-ambiguous' | 'too-many'
}
