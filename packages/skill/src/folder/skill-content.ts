import type { LoadedSkill } from './load-skills.ts'
import { SKILL_FILE } from './read-files.ts'

const LONGEST_DESCRIPTION = 1_024

/** Files that are named to a model; it can ask for others by their path. */
const MOST_LISTED = 100

/** What a model is told of skills before it needs one: the first tier. */
export function catalogueOf(skills: readonly LoadedSkill[]): string {
  if (skills.length === 0) return ''
  return [
    'These skills hold instructions for special tasks. When a task fits a description, call activate_skill with the name ' +
      'before you go on.',
    '<available_skills>',
    ...skills.map(
      ({ name, description }) =>
        `<skill>\n<name>${escape(name)}</name>\n<description>${escape(oneLine(description))}</description>\n</skill>`,
    ),
    '</available_skills>',
  ].join('\n')
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= LONGEST_DESCRIPTION ? line : `${line.slice(0, LONGEST_DESCRIPTION).toWellFormed()}…`
}

/** What a model is told when it needs one: the second tier. Its files are named, and not read. */
export function contentOf({ name, body, files }: LoadedSkill): string {
  const others = files.filter(({ path }) => path !== SKILL_FILE)
  const more = others.length - MOST_LISTED
  const resources = [
    '<skill_resources>',
    ...others.slice(0, MOST_LISTED).map(({ path, sizeBytes }) => `<file bytes="${sizeBytes}">${escape(path)}</file>`),
    ...(more > 0 ? [`and ${more} more`] : []),
    '</skill_resources>',
    `Paths are relative to the skill. Read them with read_skill_file, skill "${escape(name)}".`,
  ]
  return [
    `<skill_content name="${escape(name)}">`,
    body.trim(),
    ...(others.length === 0 ? [] : ['', ...resources]),
    '</skill_content>',
  ].join('\n')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
