import { z } from 'zod'

import { defineTool } from '../tool/define-tool.ts'
import type { RunProgress, Tool } from '../tool/tool.ts'

/** The tool `self_status`: how far the run has come and what it has left, in words. */
export function selfStatusTool(): Tool {
  return defineTool({
    name: 'self_status',
    description: 'Tells how many steps and how much time this run has used of what it may, and how many tokens.',
    effect: 'read',
    input: z.object({}),
    run: (_input, context) => inWords(context.progress()),
  })
}

function inWords(progress: RunProgress): string {
  const { agent, phase, steps, maxSteps, elapsedMs, timeoutMs, inputTokens, outputTokens } = progress
  return [
    `You are ${agent}${phase === undefined ? '' : `, in phase ${phase}`}.`,
    Number.isFinite(maxSteps) ? `Step ${steps} of ${maxSteps}.` : `Step ${steps}, with no limit.`,
    Number.isFinite(timeoutMs)
      ? `${duration(elapsedMs)} of ${duration(timeoutMs)} used.`
      : `${duration(elapsedMs)} used, with no limit.`,
    `${inputTokens} tokens read and ${outputTokens} written.`,
  ].join('\n')
}

/** `7 s`, `2 min 5 s` or `1 h 0 min`: what matters at that size. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}
