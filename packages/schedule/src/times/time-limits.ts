import { expected } from '@executus/core/check-option'

/** The last millisecond of the year 9999: what comes after has no ISO text of four digits, and no calendar knows it. */
export const LAST_TIME_MS = 253_402_300_799_999

/** @throws TypeError or RangeError unless `value` is a whole millisecond from 1970 to 9999 */
export function checkTime(option: string, value: unknown): void {
  if (typeof value !== 'number') throw expected(option, 'milliseconds since 1970', value)
  if (!Number.isInteger(value) || value < 0 || value > LAST_TIME_MS)
    throw new RangeError(
      `Expected \`${option}\` to be whole milliseconds since 1970, up to the year 9999, got \`${value}\``,
    )
}

/** @throws TypeError or RangeError unless `value` is an integer from `least` to `most` */
export function checkSpan(option: string, value: unknown, least: number, most: number): void {
  const what = `an integer from ${least} to ${most}`
  if (typeof value !== 'number') throw expected(option, what, value)
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`Expected \`${option}\` to be ${what}, got \`${value}\``)
}
