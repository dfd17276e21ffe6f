import { RESEARCHER_MARK } from '../../agents/built-in-agents.ts'
import { answerOf, beginsWith, callOrSay, failureOf, quoted } from '../say.ts'
import { timeInWords } from '../told-time.ts'
import { resultsOf, type Scene } from '../turn.ts'

const RESEARCH = beginsWith(String.raw`(?:research|look into|(?:ask|let|have) the researcher)\b[\s:,]*(?:to\b)?`)

/** What a delegation to the researcher is called. */
export const RESEARCHER_TOOL = 'agent__researcher'

/** Has the researcher look into a question. */
export const researchScene: Scene = (turn) => {
  const [match] = RESEARCH.exec(turn.text) ?? []
  if (match === undefined) return undefined
  const question = turn.text.slice(match.length).trim()
  if (question === '') return { text: 'What shall the researcher look into? Say “research ...”.' }
  const [found] = resultsOf(turn, RESEARCHER_TOOL)
  if (found !== undefined)
    return { text: answerOf(found, (text) => `The researcher came back with this:\n\n${quoted(text)}`) }
  return callOrSay(turn, 'I hand this to the researcher.', [{ name: RESEARCHER_TOOL, input: { task: question } }])
}

/** Is the researcher, who answers the agent that asked. */
export const researcherScene: Scene = (turn) => {
  if (!turn.system.includes(RESEARCHER_MARK)) return undefined
  const [told] = resultsOf(turn, 'current_time')
  if (told === undefined && turn.tools.has('current_time'))
    return {
      reasoning: `The question is: ${turn.text} No page is read by a script, so I look up what I really can: the time.`,
      text: 'I look at what I can vouch for.',
      calls: [{ name: 'current_time', input: { timeZone: turn.timeZone } }],
    }
  const fact =
    told === undefined
      ? 'nothing: I have no tools here'
      : told.isError
        ? `nothing: ${failureOf(told)}`
        : `one fact: it was ${timeInWords(told.text)} when I looked`
  return {
    text: [
      `**Finding** on “${turn.text}”: I am scripted and read no pages, so I vouch for ${fact}.`,
      'A real model in my place would read pages and name them.',
      '',
      'Sources:',
      told === undefined || told.isError ? '- none' : '- the clock of this bot',
    ].join('\n'),
  }
}
