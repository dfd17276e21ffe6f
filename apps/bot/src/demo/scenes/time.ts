import { CITY, zoneOf } from '../cities.ts'
import { answerOf, callOrSay, capital } from '../say.ts'
import { timeInWords } from '../told-time.ts'
import { resultsOf, type Scene } from '../turn.ts'

const QUESTION =
  /\b(what(?:’s|'s| is)? the (?:time|date)|what time|what day|time is it|tell (?:me )?(?:what )?(?:the )?time|today(?:’s|'s) date)\b/i

/** Tells what time it is, in as many cities as were named. */
export const timeScene: Scene = (turn) => {
  if (!QUESTION.test(turn.text)) return undefined
  const told = resultsOf(turn, 'current_time')
  if (told.length > 0) {
    const lines = told.map((one) => answerOf(one, (text) => `It is ${timeInWords(text)}.`))
    return { text: lines.map((line) => (lines.length > 1 ? `- ${line}` : line)).join('\n') }
  }
  const places = [...turn.text.matchAll(new RegExp(String.raw`\b${CITY}`, 'gi'))].map(([place]) => place)
  const zones = [...new Set(places.map(zoneOf).filter((zone) => zone !== undefined))]
  const asked = zones.length > 0 ? zones : [turn.timeZone]
  return callOrSay(
    turn,
    asked.length > 1 ? 'I look at the clocks.' : 'I look at the clock.',
    asked.map((timeZone) => ({ name: 'current_time', input: { timeZone } })),
  )
}

/** What a job asks for, when its time has come. */
export const reminderScene: Scene = ({ text }) => {
  const [, what] = /^remind me\b[\s,:]*(?:to |that |of |about )?(.*)$/is.exec(text) ?? []
  return what === undefined ? undefined : { text: `This is your reminder: ${capital(what.trim())}` }
}
