import type { RunInfo } from '../run-info.ts'

/** For whom a run is, and where, as far as its invocation says. */
type Who = Pick<RunInfo, 'caller' | 'channel' | 'guild'>

export function whoOf({ caller, channel, guild }: Who): Who {
  return {
    ...(caller !== undefined && { caller }),
    ...(channel !== undefined && { channel }),
    ...(guild !== undefined && { guild }),
  }
}
