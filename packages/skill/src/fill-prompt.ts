import type { InputValues } from './skill-inputs.ts'

const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g

/** @throws RangeError when a placeholder stands for no input, or an input has no place */
export function checkPrompt(prompt: string, inputs: readonly { readonly name: string }[]): void {
  const names = inputs.map(({ name }) => name)
  const used = new Set([...prompt.matchAll(PLACEHOLDER)].map(([, name]) => name!))
  const known = names.join(', ') || 'there is none'
  for (const name of used)
    if (!names.includes(name))
      throw new RangeError(`Expected \`skill.prompt\` to name its inputs (${known}), got \`{{${name}}}\``)
  for (const name of names)
    if (!used.has(name))
      throw new RangeError(`Expected \`skill.prompt\` to have a place for \`${name}\`: \`{{${name}}}\``)
}

/** The prompt with the inputs in their places; what an input says is not looked into again. */
export function fillPrompt(prompt: string, values: InputValues): string {
  return prompt.replaceAll(PLACEHOLDER, (_, name: string) => String(values.get(name) ?? ''))
}
