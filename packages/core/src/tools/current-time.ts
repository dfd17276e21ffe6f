import { type Clock, systemClock } from '@executus/llm'
import { z } from 'zod'

import { checkKeys, checkPort, checkText } from '../check-option.ts'
import { defineTool } from '../tool/define-tool.ts'
import type { Tool } from '../tool/tool.ts'

/** Where the time comes from, and for whom it is told. */
export interface CurrentTimeOptions {
  /** @default the machine's clock */
  readonly clock?: Clock
  /** IANA name of the zone that is used when the model names none. @default 'UTC': a server's own says little of its users */
  readonly timeZone?: string
}

/**
 * The tool `current_time`: `2026-01-06T13:00:00+01:00, a Tuesday in Europe/Berlin`.
 *
 * @throws TypeError or RangeError that names the option
 */
export function currentTimeTool(options: CurrentTimeOptions = {}): Tool {
  checkKeys('currentTime', options, ['clock', 'timeZone'])
  const { clock = systemClock, timeZone: usual = 'UTC' } = options
  checkPort('currentTime.clock', clock, ['now'])
  checkText('currentTime.timeZone', usual)
  if (formatFor(usual) === undefined)
    throw new RangeError(`Expected \`currentTime.timeZone\` to be the IANA name of a time zone, got \`${usual}\``)
  return defineTool({
    name: 'current_time',
    description: `Tells date, time and weekday, in the time zone ${usual} or another.`,
    effect: 'read',
    input: z.object({
      timeZone: z.string().max(64).default(usual).describe('IANA name, such as "Europe/Berlin".'),
    }),
    run: ({ timeZone }) => {
      const format = formatFor(timeZone)
      if (format === undefined)
        throw new Error(`"${timeZone}" is no time zone: give an IANA name, such as "Europe/Berlin" or "UTC"`)
      return told(clock.now(), format)
    },
  })
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      weekday: 'long',
      timeZoneName: 'longOffset',
    })
  } catch {
    return undefined
  }
}

function told(nowMs: number, format: Intl.DateTimeFormat): string {
  const part = Object.fromEntries(format.formatToParts(nowMs).map(({ type, value }) => [type, value]))
  // Intl writes `GMT+01:00`, and for UTC plain `GMT` or `GMT+00:00`, by its version.
  const offset = part['timeZoneName']?.slice('GMT'.length) || '+00:00'
  const iso = `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}${offset}`
  return `${iso}, a ${part['weekday']} in ${format.resolvedOptions().timeZone}`
}
