import { escapeMarkdown } from 'discord.js'

import { buttonId } from '../../channel/button-id.ts'
import type { Part } from '../../channel/channel.ts'
import { visibleText } from '../../channel/visible-text.ts'
import { cut } from '../../text/cut.ts'
import { oneLine } from '../../text/one-line.ts'
import type { AnswerEntry, Entry, QuestionEntry } from '../../view/entry.ts'
import { splitMarkdown } from './split-markdown.ts'

/** More of a run than these would fill the screens of all in the channel; the rest is a file. */
const MOST_PARTS = 5
/** What is asked, with its title, its details and its outcome, stays below Discord's 2,000. */
const LONGEST_DETAILS = 1_100
const LONGEST_LINE = 180

/** What to send for an entry; none for what its own people said. */
export function partsOf(entry: Entry): readonly Part[] {
  switch (entry.kind) {
    case 'said':
      return []
    case 'answer':
      return partsOfText(answerText(entry), 'answer.md')
    case 'question':
      return [questionPart(entry)]
    case 'notice':
      return partsOfText(entry.text, 'notice.md')
  }
}

/** Markdown as messages; what is too long comes as a file, with its beginning in front of it. */
export function partsOfText(text: string, fileName: string): readonly Part[] {
  const [first = '', ...others] = splitMarkdown(text.trim())
  if (first === '') return [{ text: '_There is nothing to show._' }]
  if (others.length < MOST_PARTS) return [first, ...others].map((part) => ({ text: part }))
  const file = { name: fileName, mediaType: 'text/markdown; charset=utf-8', text }
  return [{ text: `${first}\n\n-# This is the beginning. All of it is in ${fileName}.`, file }]
}

function answerText({ text, outcome, problem, job }: AnswerEntry): string {
  const body = text.trim()
  const lines = [
    job === undefined ? undefined : `-# From the schedule ${plainLine(job)}`,
    body === '' ? undefined : body,
  ]
  if (outcome === 'stopped') lines.push('_Stopped._')
  if (outcome === 'failed') lines.push(`_This did not work out._ ${plainLine(problem ?? '')}`.trim())
  if (outcome === 'ok' && body === '') lines.push('_The agent ended without a word._')
  return lines.filter((line) => line !== undefined).join('\n\n')
}

/** A question stays one message: the buttons belong to all that they decide. */
function questionPart({ questionId, title, details, choices, expiresAtMs, outcome }: QuestionEntry): Part {
  const plain = visibleText(details).trim()
  // A fence in it would end the block, and what follows could pass for the bot's own words.
  const harmless = plain.replaceAll('```', '`\u200B`\u200B`')
  const isLong = harmless.length > LONGEST_DETAILS
  const shown = isLong
    ? `${harmless.slice(0, LONGEST_DETAILS).toWellFormed()}\n… all of it is in details.txt`
    : harmless
  const text = [
    `**${plainLine(title)}**`,
    shown === '' ? undefined : `\`\`\`\n${shown}\n\`\`\``,
    outcome === undefined ? `-# Open until <t:${Math.floor(expiresAtMs / 1_000)}:t>` : `**${plainLine(outcome)}**`,
  ]
  return {
    text: text.filter((line) => line !== undefined).join('\n'),
    ...(outcome === undefined && {
      buttons: choices.map(({ id, label, style }) => ({ id: buttonId(questionId, id), label, style })),
    }),
    ...(isLong && { file: { name: 'details.txt', mediaType: 'text/plain; charset=utf-8', text: plain } }),
  }
}

function plainLine(text: string): string {
  return escapeMarkdown(cut(oneLine(visibleText(text)), LONGEST_LINE))
}
