import picomatch from 'picomatch'

/** What `.gitattributes` of a repository's root says about a file. */
export interface Attributes {
  isGenerated(path: string): boolean | undefined
  isVendored(path: string): boolean | undefined
}

type Name = 'linguist-generated' | 'linguist-vendored'

/** The last line that speaks of a file counts (https://git-scm.com/docs/gitattributes); what cannot be read is passed over. */
export function readAttributes(text: string): Attributes {
  const rules = text.split('\n').flatMap(ruleOf)
  const value = (name: Name, path: string) => rules.findLast((rule) => rule.name === name && rule.matches(path))?.value
  return {
    isGenerated: (path) => value('linguist-generated', path),
    isVendored: (path) => value('linguist-vendored', path),
  }
}

interface Rule {
  readonly name: Name
  readonly value: boolean | undefined
  readonly matches: (path: string) => boolean
}

function ruleOf(line: string): readonly Rule[] {
  const [pattern, ...attributes] = line.trim().split(/\s+/)
  // A pattern may not be negated here, and one that ends in a slash matches nothing.
  if (pattern === undefined || pattern === '' || /^[#!]|\/$/.test(pattern)) return []
  const glob = pattern.replace(/^\//, '')
  const matches = picomatch(pattern.includes('/') ? glob : `**/${glob}`, { dot: true })
  return attributes.flatMap((attribute): Rule[] => {
    const read = /^([-!]?)(linguist-generated|linguist-vendored)(?:=(\w+))?$/.exec(attribute)
    if (read === null) return []
    const [, mark, name, said] = read
    return [{ name: name as Name, value: mark === '!' ? undefined : mark === '' && said !== 'false', matches }]
  })
}
