import type { Logger } from '../logger.ts'

/** Logs what `list` tells to be damaged. */
export function damageTeller(noun: string, logger: Logger): (id: string) => void {
  return (id) => logger.warn(`What is kept of ${noun} ${id} is damaged`)
}
