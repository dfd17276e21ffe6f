// Models of one maker learn from one another, so that two of them agree on what both get wrong.
const FAMILIES: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/claude/, 'claude'],
  [/gpt|codex|(^|[^a-z])o[1-9]($|[^a-z0-9])|davinci/, 'gpt'],
  [/gemini|gemma|palm/, 'gemini'],
  [/grok/, 'grok'],
  [/codestral|devstral|magistral|ministral|mi[sx]tral/, 'mistral'],
  [/deepseek/, 'deepseek'],
  [/llama/, 'llama'],
  [/qwen|qwq/, 'qwen'],
  [/kimi|moonshot/, 'kimi'],
  [/glm|chatglm/, 'glm'],
  [/command-?[ar]|cohere/, 'command'],
  [/phi-?\d/, 'phi'],
  [/nemotron/, 'nemotron'],
  [/granite/, 'granite'],
  [/nova-/, 'nova'],
  [/minimax/, 'minimax'],
]

/** The family of `provider/model`; of a model that nobody knows, its name without its version. */
export function familyOf(spec: string): string {
  const model = spec.slice(spec.indexOf('/') + 1).toLowerCase()
  const known = FAMILIES.find(([pattern]) => pattern.test(model))
  return (
    known?.[1] ??
    model
      .split('/')
      .at(-1)!
      .split(/[-_.:@\d?]/)[0]!
      .trim() ??
    model
  )
}
