import type { Format } from '../cli/options.ts'
import type { Review } from '../review/review.ts'
import { jsonReport } from './json-report.ts'
import { markdownReport } from './markdown-report.ts'
import { rdjsonReport } from './rdjson-report.ts'
import { sarifReport } from './sarif-report.ts'
import type { Filter } from './shown.ts'
import { textReport, type TextStyle } from './text-report.ts'

/** The report in a format. */
export function reportOf(review: Review, options: Filter & TextStyle & { readonly format: Format }): string {
  switch (options.format) {
    case 'text':
      return textReport(review, options, options)
    case 'markdown':
      return markdownReport(review, options)
    case 'json':
      return jsonReport(review, options)
    case 'sarif':
      return sarifReport(review, options)
    case 'rdjson':
      return rdjsonReport(review, options)
  }
}
