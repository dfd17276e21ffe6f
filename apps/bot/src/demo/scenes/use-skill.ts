import type { ToolSpec } from '@executus/core'

import { answerOf, callOrSay } from '../say.ts'
import { resultsOf, type Scene } from '../turn.ts'

const USE = /\b(?:use|activate|with)\b.{0,12}\bskill\b[\s:“"'`]*([a-z0-9-]*)/i

/** `Use the skill plan-my-day` */
export const useSkillScene: Scene = (turn) => {
  const [, asked] = USE.exec(turn.text) ?? []
  if (asked === undefined) return undefined
  const [given] = resultsOf(turn, 'activate_skill')
  if (given !== undefined) return { text: answerOf(given, (text) => skillInWords(asked, text)) }
  const tool = turn.tools.get('activate_skill')
  const name = asked.toLowerCase()
  if (name === '' && tool !== undefined) return { text: `Which one? There are: ${skillsOf(tool).join(', ')}.` }
  return callOrSay(turn, 'I read its instructions.', [{ name: 'activate_skill', input: { name } }])
}

function skillsOf({ inputSchema }: ToolSpec): readonly string[] {
  const { properties } = inputSchema as {
    readonly properties?: { readonly name?: { readonly enum?: readonly string[] } }
  }
  return properties?.name?.enum ?? []
}

/** The steps that it names: what a real model would now follow. */
function skillInWords(name: string, text: string): string {
  const steps = [...text.matchAll(/^\d+\. (.+)$/gm)].map(([, step], index) => `${index + 1}. ${firstSentence(step!)}`)
  const shown = steps.length > 0 ? steps.join('\n') : firstSentence(text.replaceAll(/<[^>]*>|^#.*$/gm, '').trim())
  return `I have read the skill **${name}**. It tells me to go on like this:\n\n${shown}\n\nA real model would now begin; I only have a script.`
}

function firstSentence(text: string): string {
  const [sentence] = /^.*?[.:](?=\s|\*|$)\**/s.exec(text) ?? []
  return (sentence ?? text).trim()
}
