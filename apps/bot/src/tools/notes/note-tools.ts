import { defineTool, type Tool } from '@executus/core'
import { z } from 'zod'

import { oneLine } from '../../text/one-line.ts'
import { callerOf } from '../caller-of.ts'
import { LONGEST_NOTE, type Note, type NoteStore } from './note-store.ts'

/** The tools `save_note`, `list_notes` and `delete_note`: what a person wants remembered from one conversation to the next. */
export function noteTools(notes: NoteStore): readonly Tool[] {
  return [saveTool(notes), listTool(notes), deleteTool(notes)]
}

function saveTool(notes: NoteStore): Tool {
  return defineTool({
    name: 'save_note',
    description:
      'Keeps a note for the person you talk to, for all later conversations: a wish, a fact about them, something to be ' +
      'remembered. One thing in each note, in words that stand for themselves.',
    effect: 'write',
    // Its key is the call's, so a second attempt finds what the first has kept.
    replay: 'idempotent',
    capabilities: ['memory.write'],
    input: z.object({ text: z.string().trim().min(1).max(LONGEST_NOTE).describe('What to remember.') }),
    run: ({ text }, context) => {
      const note = notes.save(callerOf(context), text, context.idempotencyKey)
      return `Kept as note ${note.id}: ${note.text}`
    },
  })
}

function listTool(notes: NoteStore): Tool {
  return defineTool({
    name: 'list_notes',
    description:
      'Lists what the person you talk to has had remembered, oldest first: the number of each note, its day, its text.',
    effect: 'read',
    capabilities: ['memory.read'],
    input: z.object({
      text: z.string().max(200).optional().describe('Only notes that hold this, in whatever letters.'),
    }),
    run: ({ text = '' }, context) => {
      const all = notes.list(callerOf(context))
      const wanted = text.trim().toLowerCase()
      const found = all.filter((note) => note.text.toLowerCase().includes(wanted))
      if (found.length > 0) return found.map(lineOf).join('\n')
      return all.length === 0 ? 'There are no notes.' : 'None of the notes holds that.'
    },
  })
}

function deleteTool(notes: NoteStore): Tool {
  return defineTool({
    name: 'delete_note',
    description: 'Deletes a note for good. The person is asked first. List the notes before, to know number and text.',
    effect: 'destructive',
    // Deleting what is gone changes nothing.
    replay: 'idempotent',
    capabilities: ['memory.write'],
    input: z.object({
      id: z.number().int().min(1).describe('The number of the note.'),
      text: z.string().trim().min(1).max(LONGEST_NOTE).describe('Its text, or how it begins: the person is shown it.'),
    }),
    // Who is asked reads the text, and what is deleted is looked at against it.
    resources: ({ id, text }) => [{ kind: 'note', value: `${id}: ${oneLine(text)}` }],
    run: ({ id, text }, context) => {
      const owner = callerOf(context)
      const note = notes.get(owner, id)
      if (note === undefined) return `There is no note ${id}, so nothing had to be deleted.`
      if (!oneLine(note.text).startsWith(oneLine(text))) throw new Error(`Note ${id} says something else: ${note.text}`)
      notes.remove(owner, id)
      return `Note ${id} is deleted: ${note.text}`
    },
  })
}

function lineOf({ id, text, atMs }: Note): string {
  return `${id} (${new Date(atMs).toISOString().slice(0, 10)}): ${oneLine(text)}`
}
