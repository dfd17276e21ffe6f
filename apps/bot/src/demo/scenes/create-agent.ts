import { answerOf, callOrSay, capital } from '../say.ts'
import { resultsOf, type Scene } from '../turn.ts'

const CREATE = /\b(?:create|make|build|add)\b.{0,20}?\bagent\b(.*)$/is

/** `Create an agent called gardener who knows all about roses` */
export const createAgentScene: Scene = (turn) => {
  const [, rest] = CREATE.exec(turn.text) ?? []
  if (rest === undefined) return undefined
  const [made] = resultsOf(turn, 'create_agent')
  const input = agentOf(rest)
  if (made === undefined)
    return callOrSay(turn, `I make an agent called ${input.name}.`, [{ name: 'create_agent', input }])
  return {
    text: answerOf(
      made,
      () => `The agent **${input.name}** is there, for you alone. Say \`/agent ${input.name}\` to talk to it.`,
    ),
  }
}

function agentOf(rest: string): { readonly name: string; readonly description: string; readonly instructions: string } {
  const [named = '', given] = /\b(?:called|named)\s+["“']?([\p{L}\d][\p{L}\d-]{0,39})["”']?/iu.exec(rest) ?? []
  const about = rest
    .replace(named, '')
    .trim()
    .replace(/^(?:[\s,.:;-]|(?:that|which|who|and|to|for)\b)+/i, '')
    .replace(/[\s.]+$/, '')
  const longest = (about.match(/[\p{L}]{4,}/gu) ?? []).toSorted((a, b) => b.length - a.length)[0]
  const name = (given ?? longest ?? 'helper').toLowerCase()
  const what = about === '' ? 'helps' : about
  return {
    name,
    description: `${capital(what)}.`,
    instructions: `You are ${name}, an agent in a chat: one who ${what}.`,
  }
}
