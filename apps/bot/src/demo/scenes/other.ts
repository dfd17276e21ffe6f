import type { DemoReply } from '../turn.ts'

/** For all that it has no scene for. */
export function otherScene(): DemoReply {
  return {
    text: [
      'I am a scripted demo: no model is configured, so I cannot really answer that. My words are written beforehand, but the tools behind them run.',
      '',
      'You can try:',
      '',
      '- “What time is it in Oslo and Tokyo?”: a tool, twice at once',
      '- “Remember that I like tea”, “What do you remember?”, “Forget the tea”: notes, and a question before one is deleted',
      '- “Every morning at 8 in Oslo, tell me what you remember”: a schedule, which needs your yes',
      '- “Remind me in 10 minutes to stretch”, “What is scheduled?”, “Cancel the stretching”',
      '- “Research why leaves turn red”: a delegation to another agent',
      '- “Create an agent called gardener who knows about roses”',
      '- “Use the skill plan-my-day”',
      '- a picture or a file: I say what came',
      '- “Show me what you can do”: most of it in one run',
    ].join('\n'),
  }
}
