import { parseArgs } from 'node:util'

const USAGE = `usage: npm run test:torture -- [--kills N] [--runs N] [--seed S] [--minutes M] [--json]
       npm run test:torture -- --syscalls [--every N] [--points N] [--seed S] [--minutes M] [--json]`

export interface Arguments {
  readonly kills: number
  /** Of a round of one process; one of two has three times as many. */
  readonly runs: number
  readonly seed: number
  readonly minutes: number
  readonly every: number
  readonly points: number
  readonly isSweep: boolean
  readonly isJson: boolean
}

/** What the program was called with; ends it with 2 when that makes no sense. */
export function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '500' },
        runs: { type: 'string', default: '12' },
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '10' },
        every: { type: 'string', default: '1' },
        points: { type: 'string', default: '1000000' },
        syscalls: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
    const numberOf = (name: Exclude<keyof typeof values, 'syscalls' | 'json'>, least: number) => {
      if (!/^\d{1,9}$/.test(values[name]) || Number(values[name]) < least)
        throw new Error(`Expected \`--${name}\` to be a whole number of ${least} or more, got \`${values[name]}\``)
      return Number(values[name])
    }
    return {
      kills: numberOf('kills', 1),
      runs: numberOf('runs', 1),
      seed: numberOf('seed', 0),
      minutes: numberOf('minutes', 1),
      every: numberOf('every', 1),
      points: numberOf('points', 1),
      isSweep: values.syscalls,
      isJson: values.json,
    }
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}
