import { createHash } from 'node:crypto'
import { posix } from 'node:path'

import type { LoadedSkill } from './load-skills.ts'
import { chunksOf, withFileInside } from './open-inside.ts'
import type { SkillFile } from './read-files.ts'

/** How many paths an error names. */
const MOST_NAMED = 20

/** A NUL early on is what tells a binary file in practice; git looks for the same. */
const LOOKED_AT = 8_192

/**
 * The text of a file of a skill: the third tier. It is one that was there when the skill was loaded, with what it held then:
 * so nothing that was not trusted is read, and nothing outside.
 *
 * @throws Error worded for the model
 */
export async function readSkillFile(skill: LoadedSkill, path: string, maxBytes: number): Promise<string> {
  const file = fileAt(skill, path)
  const shown = `"${file.path}"`
  if (file.sizeBytes > maxBytes)
    throw new Error(`${shown} has ${file.sizeBytes} bytes, more than the ${maxBytes} that can be read`)
  const bytes = await contentOf(skill, file).catch((error: unknown) => {
    throw new Error(`${shown} changed since the skill was loaded, and is not read`, { cause: error })
  })
  if (bytes.subarray(0, LOOKED_AT).includes(0)) throw new Error(`${shown} is no text (${file.sizeBytes} bytes)`)
  return bytes.toString('utf8')
}

function fileAt({ name, files }: LoadedSkill, path: string): SkillFile {
  const wanted = posix.normalize(path)
  const file = files.find((one) => one.path === wanted)
  if (file !== undefined) return file
  const some = files.slice(0, MOST_NAMED).map((one) => one.path)
  const more = files.length > some.length ? ` and ${files.length - some.length} more` : ''
  throw new Error(`The skill ${name} has no file "${path}"; it has ${some.join(', ')}${more}`)
}

/** @throws Error when it is not what it was */
function contentOf({ folder }: LoadedSkill, { path, sizeBytes, sha256 }: SkillFile): Promise<Buffer> {
  return withFileInside(folder, path, async (opened) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of chunksOf(opened, sizeBytes)) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('Its content is another')
    return bytes
  })
}
