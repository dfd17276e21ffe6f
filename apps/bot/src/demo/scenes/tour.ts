import { answerOf, quoted } from '../say.ts'
import { timeInWords } from '../told-time.ts'
import { type DemoCall, type DemoReply, type DemoTurn, resultsOf, type Scene } from '../turn.ts'
import { notesIn } from './notes.ts'
import { RESEARCHER_TOOL } from './research.ts'
import { withoutId } from './schedule.ts'

const TOUR =
  /^\W*(?:what (?:can|do) you do|(?:please )?show me(?: around| everything| what you (?:can )?do)?)\W*$|^\W*\/?tour\b|\b(?:a|the) tour\b/i

interface Stop {
  readonly text: string
  readonly calls: readonly DemoCall[]
}

/** All that it can show, in one run: two tools at once, a delegation, an approval with a schedule, and a longer answer. */
export const tourScene: Scene = (turn) => {
  if (!TOUR.test(turn.text)) return undefined
  for (const { text, calls } of stopsFor(turn)) {
    const open = calls.filter(({ name }) => turn.tools.has(name) && resultsOf(turn, name).length === 0)
    if (open.length > 0) return { text, calls: open }
  }
  return closing(turn)
}

function stopsFor({ timeZone }: DemoTurn): readonly Stop[] {
  return [
    {
      text: 'Gladly. First two tools side by side: the clock, and what I remember of you.',
      calls: [
        { name: 'current_time', input: { timeZone } },
        { name: 'list_notes', input: {} },
      ],
    },
    {
      text: 'Next I ask a colleague: the researcher is an agent of its own, with a run below this one.',
      calls: [{ name: RESEARCHER_TOOL, input: { task: 'What is certain about this moment?' } }],
    },
    {
      text: 'Now something that needs your yes: a greeting, each morning at 8.',
      calls: [
        {
          name: 'create_schedule',
          input: { task: 'Say hello, and tell what time it is.', name: 'Good morning', cron: '0 8 * * *', timeZone },
        },
      ],
    },
  ]
}

function closing(turn: DemoTurn): DemoReply {
  const of = (tool: string, words: (text: string) => string) => {
    const [result] = resultsOf(turn, tool)
    return result === undefined
      ? `\`${tool}\` is not there in this conversation, so I left it out.`
      : answerOf(result, words)
  }
  const isScheduled = resultsOf(turn, 'create_schedule').some(({ isError }) => !isError)
  const clock = of('current_time', (text) => `The clock says that it is ${timeInWords(text)}.`)
  const finding = of(
    RESEARCHER_TOOL,
    (text) => `The researcher had a run of its own, and came back with this:${begun(text)}`,
  )
  const schedule = of(
    'create_schedule',
    (text) => `You said yes. ${withoutId(text.split(';')[0]!).replace('\n', ' ')}.`,
  )
  return {
    text: [
      'That was the tour, and this is what really happened:',
      '',
      `1. **Two tools at once.** ${clock} ${of('list_notes', notesCounted)}`,
      `2. **A delegation.** ${finding}`,
      `3. **An approval, and a schedule.** ${schedule}${isScheduled ? ' “Cancel the good morning” ends it.' : ''}`,
      '',
      'My words are scripted, as no model is configured, but all of these calls were really made. Had somebody ended the ' +
        'bot in the middle, even with `kill -9`, this answer would have come all the same, and once.',
      '',
      'Your turn: ask for the time in a city, have something remembered, or send a picture.',
    ].join('\n'),
  }
}

/** What was found, as far as its first line, in a quotation of its own. */
function begun(text: string): string {
  return `\n\n${quoted(text.split('\n', 1)[0]!).replaceAll(/^/gm, '   ')}\n`
}

function notesCounted(text: string): string {
  const { length } = notesIn(text)
  if (length === 0) return 'I remember nothing of you yet.'
  return length === 1 ? 'I remember one thing of you.' : `I remember ${length} things of you.`
}
