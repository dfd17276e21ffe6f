import { parse } from 'yaml'
import { z } from 'zod'

import { BUILT_IN_LENSES } from './built-in-lenses.ts'
import { ReviewFileError } from './errors.ts'
import type { Lens } from './lens.ts'

/** Where a repository keeps its settings. They are read as they were before the change, which must not choose its own judges. */
export const REVIEW_FILE = '.executus/review.yaml'

/** What a repository says about its reviews. */
export interface ReviewFile {
  readonly lenses: readonly Lens[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** What its people agreed on, for every reviewer. */
  readonly rules?: string
}

const lens = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case letters, digits and hyphens'),
  title: z.string().min(1).optional(),
  instructions: z.string().min(1),
})

const schema = z.strictObject({
  /** Names of built-in lenses, or lenses of one's own. */
  lenses: z
    .array(z.union([z.string(), lens]))
    .min(1)
    .optional(),
  include: z.array(z.string().min(1)).optional(),
  exclude: z.array(z.string().min(1)).optional(),
  rules: z.string().max(20_000).optional(),
})

/**
 * Reads the text of `.executus/review.yaml`; an absent one says nothing.
 *
 * @throws ReviewFileError with every fault
 */
export function readReviewFile(text: string | undefined): ReviewFile {
  if (text === undefined || text.trim() === '') return { lenses: BUILT_IN_LENSES }
  const checked = schema.safeParse(parsed(text))
  if (!checked.success)
    throw new ReviewFileError(`${REVIEW_FILE} is not what it should be:\n${z.prettifyError(checked.error)}`)
  const { lenses, include, exclude, rules } = checked.data
  return {
    lenses: lenses === undefined ? BUILT_IN_LENSES : lensesOf(lenses),
    ...(include !== undefined && { include }),
    ...(exclude !== undefined && { exclude }),
    ...(rules !== undefined && { rules }),
  }
}

function parsed(text: string): unknown {
  try {
    // A short text can say a long one by aliases; one of comments alone says nothing.
    return (parse(text, { maxAliasCount: 10 }) as unknown) ?? {}
  } catch (cause) {
    throw new ReviewFileError(`${REVIEW_FILE} is no YAML: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
}

function lensesOf(listed: readonly (string | z.infer<typeof lens>)[]): readonly Lens[] {
  const lenses = listed.map((one): Lens => {
    if (typeof one !== 'string') return { name: one.name, title: one.title ?? one.name, instructions: one.instructions }
    return lensNamed(one)
  })
  const twice = lenses.find(({ name }, index) => lenses.findIndex((other) => other.name === name) !== index)
  if (twice !== undefined) throw new ReviewFileError(`${REVIEW_FILE} names the lens ${twice.name} twice`)
  return lenses
}

/** @throws ReviewFileError when there is none of this name */
export function lensNamed(name: string, lenses: readonly Lens[] = BUILT_IN_LENSES): Lens {
  const found = lenses.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new ReviewFileError(`There is no lens ${name}: expected one of ${lenses.map((one) => one.name).join(', ')}`)
}
