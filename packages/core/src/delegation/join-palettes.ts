import { checkPort } from '../check-option.ts'
import { delegateToolName } from './delegate-tool.ts'
import type { Delegate, Palette } from './palette.ts'

/** All that several palettes know; of two delegates with one tool name, the one of the earlier palette counts. */
export function joinPalettes(...palettes: readonly Palette[]): Palette {
  for (const [index, palette] of palettes.entries()) checkPort(`palettes[${index}]`, palette, ['resolve'])
  return {
    resolve: async (...asked) => {
      const found = await Promise.all(palettes.map(async (palette) => palette.resolve(...asked)))
      const byToolName = new Map<string, Delegate>()
      for (const delegate of found.flat()) {
        const name = delegateToolName(delegate)
        if (!byToolName.has(name)) byToolName.set(name, delegate)
      }
      return [...byToolName.values()]
    },
  }
}
