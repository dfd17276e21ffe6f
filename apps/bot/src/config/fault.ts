import { checkKeys } from '@executus/core/check-option'

/** The line for a setting that is not what it should be: ``Expected `web.port` to be an integer from 0 to 65535, got `-1` ``. */
export function fault(setting: string, what: string, value: unknown, choices: readonly string[] = []): string {
  const nearest = typeof value === 'string' ? nearestOf(value, choices) : undefined
  const end = nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`
  return `Expected \`${setting}\` to be ${what}, got ${kindOf(value)}${end}`
}

/** Which of `choices` was probably meant; core knows it, and says it in the complaint about a key that there is not. */
export function nearestOf(wanted: string, choices: readonly string[]): string | undefined {
  try {
    checkKeys('it', { [wanted]: true }, choices)
    return undefined
  } catch (error) {
    const { message } = error as TypeError
    return choices.find((choice) => message.endsWith(`Did you mean \`${choice}\`?`))
  }
}

/** `agents[1].name`, `providers["my server"]`. */
export function settingName(path: readonly PropertyKey[]): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`
      const name = String(key)
      return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
    })
    .join('')
    .replace(/^\./, '')
}

/** What a value is, and of a text never what it says: it may be a secret that was put in the wrong place. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return kindOfText(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return `\`${value}\``
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function kindOfText(text: string): string {
  if (text.trim() === '') return 'a blank text'
  if (/^-?\d{1,6}(\.\d{1,6})?$/.test(text)) return `the text \`${text}\`` // too short for a secret
  return `a text of ${text.length} character${text.length === 1 ? '' : 's'}`
}
