#!/usr/bin/env node
// Reviews a change of code with a fleet of models: executus-review --base main.
import { readFileSync } from 'node:fs'

import { DiffError } from './change/errors.ts'
import { EXIT } from './cli/exit-code.ts'
import { parseArguments, UsageError } from './cli/parse-arguments.ts'
import { runReview } from './cli/run-review.ts'
import { ForgeError } from './forge/errors.ts'
import { environmentFrom } from './from-env.ts'
import { ReviewFileError } from './lens/errors.ts'

// Who reads our output may stop reading: `| head`. The review goes on, as its exit code may be what counts.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

try {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8')) as { version: string }
  process.exitCode = await runReview(parseArguments(process.argv.slice(2), version), environmentFrom())
} catch (error) {
  if (error instanceof UsageError && error.isHelp) console.log(error.message)
  else {
    console.error(isExpected(error) ? (error as Error).message : error)
    process.exitCode = EXIT.usage
  }
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof UsageError ||
    error instanceof ReviewFileError ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    DiffError.is(error) ||
    ForgeError.is(error)
  )
}
