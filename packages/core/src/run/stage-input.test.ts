import type { FilePart, ImagePart } from '@executus/llm'
import { expect, test } from 'vitest'

import { memoryAttachments } from '../attachments/memory-attachments.ts'
import { staticPalette } from '../delegation/palette.ts'
import type { FileToSave } from '../ports/file-store.ts'
import { scriptedHost } from '../testing/index.ts'
import { attachmentKey } from './stage-input.ts'

const image: ImagePart = { type: 'image', mediaType: 'image/png', source: { base64: 'AAAA' } }
const pdf: FilePart = { type: 'file', mediaType: 'application/pdf', name: 'plan.pdf', source: { base64: 'JVBERg==' } }
const audio = { type: 'audio', mediaType: 'audio/wav', source: { base64: 'UklGRg==' } } as const
const text = (value: string) => ({ type: 'text', text: value })

function recordingStore(fails = false) {
  const saved: FileToSave[] = []
  return {
    saved,
    fileStore: {
      save(file: FileToSave) {
        saved.push(file)
        return fails ? Promise.reject(new Error('disk full')) : Promise.resolve({ name: `files/${saved.length}` })
      },
    },
  }
}

test('files go to the host’s store, and the model is told where they are; images join the message', async () => {
  const { fileStore, saved } = recordingStore()
  const { executor, model } = scriptedHost([{ text: 'Hi.' }], { fileStore })
  await executor.run({ name: 'a' }, 'What is it?', { caller: 'ann', images: [image], files: [pdf, audio] })
  expect(model.requests[0]?.messages).toEqual([
    {
      role: 'user',
      content: [
        text('What is it?'),
        image,
        text('[ATTACHED FILES]\n- plan.pdf (application/pdf): files/1\n- file 2 (audio/wav): files/2'),
      ],
    },
  ])
  expect(saved).toEqual([
    { run: { runId: 'run-1', caller: 'ann' }, name: 'plan.pdf', mediaType: 'application/pdf', source: pdf.source },
    { run: { runId: 'run-1', caller: 'ann' }, mediaType: 'audio/wav', source: audio.source },
  ])
})

test('a file that cannot be stored is named as such, and the run goes on', async () => {
  const { fileStore } = recordingStore(true)
  const { executor, model, logger } = scriptedHost([{ text: 'Hi.' }], { fileStore })
  expect(await executor.run({ name: 'a' }, 'go', { files: [pdf] })).toMatchObject({ status: 'ok' })
  expect(model.requests[0]?.messages[0]?.content[1]).toEqual(
    text('[ATTACHED FILES]\n- plan.pdf (application/pdf): could not be stored'),
  )
  expect(logger.lines).toMatchObject([{ message: 'the file store failed in run run-1' }])
})

test('files join the message where the host has no store', async () => {
  const { executor, model } = scriptedHost([{ text: 'Hi.' }])
  await executor.run({ name: 'a' }, 'go', { files: [pdf] })
  expect(model.requests[0]?.messages).toEqual([{ role: 'user', content: [text('go'), pdf] }])
})

test('a blank text adds no empty part', async () => {
  const { executor, model } = scriptedHost([{ text: 'Hi.' }, { text: 'Hi.' }, { text: 'Hi.' }])
  await executor.run({ name: 'a' }, '', { images: [image] })
  await executor.run({ name: 'a' }, '  \n', { images: [image] })
  await executor.run({ name: 'a' }, '', { files: [pdf] })
  expect(model.requests.map(({ messages }) => messages)).toEqual([
    [{ role: 'user', content: [image] }],
    [{ role: 'user', content: [image] }],
    [{ role: 'user', content: [pdf] }],
  ])
})

test('images are folded into the last message of a conversation', async () => {
  const { executor, model } = scriptedHost([{ text: 'Hi.' }])
  const earlier = [
    { role: 'user', content: [text('Hello')] },
    { role: 'assistant', content: [text('Hi.')] },
    { role: 'user', content: [text('What is it?')] },
  ] as never
  await executor.run({ name: 'a' }, earlier, { images: [image] })
  expect(model.requests[0]?.messages.map(({ content }) => content.length)).toEqual([1, 1, 2])
})

test('what arrived before its run joins it, once: images in the message, files in the store', async () => {
  const attachments = memoryAttachments()
  const key = attachmentKey({ channel: 'general', caller: 'ann' })
  await attachments.put(key, pdf)
  await attachments.put(key, image)
  await attachments.put(attachmentKey({ channel: 'other', caller: 'ann' }), audio)
  const { fileStore } = recordingStore()
  const { executor, model } = scriptedHost([{ text: 'Hi.' }, { text: 'Hi.' }], { fileStore, attachments })
  await executor.run({ name: 'a' }, 'go', { channel: 'general', caller: 'ann' })
  await executor.run({ name: 'a' }, 'go', { channel: 'general', caller: 'ann' })
  expect(model.requests.map(({ messages }) => messages[0]?.content)).toEqual([
    [text('go'), image, text('[ATTACHED FILES]\n- plan.pdf (application/pdf): files/1')],
    [text('go')],
  ])
})

test('what arrived before its run is the root’s, not a delegated run’s', async () => {
  const taken: string[] = []
  const { executor } = scriptedHost(
    [{ calls: [{ name: 'agent__child', input: { task: 'help' } }] }, { text: 'Helped.' }, { text: 'Done.' }],
    {
      palette: staticPalette([{ name: 'child', description: 'helps' }]),
      attachments: {
        put: () => ({ kept: true }),
        take(key) {
          taken.push(key)
          return { attachments: [], expired: [] }
        },
      },
    },
  )
  await executor.run({ name: 'boss', palette: ['child'] }, 'go', { caller: 'ann' })
  expect(taken).toEqual([attachmentKey({ caller: 'ann' })])
})
