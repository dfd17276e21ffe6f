import { type ComponentChildren, isValidElement, type VNode } from 'preact'
import { expect, test } from 'vitest'

import { CopyButton } from '../components/copy-button.ts'
import { HOSTILE } from '../hostile.test-kit.ts'
import { markdown } from './markdown.ts'

interface Element {
  readonly name: string
  readonly props: Readonly<Record<string, unknown>>
}

/** The elements of a tree in the order of the page, and its text. */
function read(tree: ComponentChildren): { readonly elements: readonly Element[]; readonly text: string } {
  const elements: Element[] = []
  let text = ''
  const walk = (node: ComponentChildren): void => {
    if (Array.isArray(node)) return node.forEach(walk)
    if (node === null || node === undefined || typeof node === 'boolean') return
    if (!isValidElement(node)) {
      text += String(node as string | number)
      return
    }
    const { type, props } = node as VNode<Record<string, unknown>>
    const { children, ...rest } = props
    // The one component shows nothing of what it copies.
    if (type === CopyButton) return
    elements.push({ name: String(type), props: rest })
    walk(children)
  }
  walk(tree)
  return { elements, text }
}

/** As HTML, for a look at what comes out. */
function shown(source: string): string {
  const show = (node: ComponentChildren): string => {
    if (Array.isArray(node)) return node.map(show).join('')
    if (node === null || node === undefined || typeof node === 'boolean') return ''
    if (!isValidElement(node)) return String(node as string | number)
    const { type, props } = node as VNode<Record<string, unknown>>
    if (typeof type === 'function') return ''
    const { children, class: _class, target: _target, rel: _rel, tabIndex: _tabIndex, ...rest } = props
    const attributes = Object.entries(rest).map(([name, value]) => ` ${name}=${String(value)}`)
    return `<${type}${attributes.join('')}>${show(children)}</${type}>`
  }
  return show((markdown(source) as VNode).props.children)
}

const ELEMENTS = new Set(
  'a blockquote br code del div em h3 h4 h5 h6 hr input li ol p pre span strong table tbody td th thead tr ul'.split(
    ' ',
  ),
)
const PROPS = new Set('aria-label checked class disabled href rel role start tabIndex target title type'.split(' '))

/** What of an element could act, or looks as if it did. */
function faultsOf({ name, props }: Element): readonly string[] {
  const faults = Object.keys(props).filter((key) => !PROPS.has(key))
  if (!ELEMENTS.has(name)) faults.push(name)
  if (name === 'input' && (props['type'] !== 'checkbox' || props['disabled'] !== true)) faults.push('input')
  if (name !== 'a') return faults
  if (!/^(?:https?:\/\/[^/@]+\/|mailto:)/.test(String(props['href']))) faults.push(`href ${String(props['href'])}`)
  if (props['rel'] !== 'noopener noreferrer nofollow' || props['target'] !== '_blank') faults.push('rel')
  if (props['title'] === '') faults.push('title')
  return faults
}

test.each(HOSTILE)('nothing acts in %j', (source) => {
  const { elements } = read(markdown(source))
  expect(elements.length).toBeGreaterThan(1)
  expect(elements.flatMap(faultsOf)).toEqual([])
})

test('what could act would be found', () => {
  const bad: Element[] = [
    { name: 'script', props: {} },
    { name: 'p', props: { onClick: '' } },
    { name: 'a', props: { href: 'javascript:alert(1)', rel: 'noopener noreferrer nofollow', target: '_blank' } },
    { name: 'input', props: { type: 'text' } },
  ]
  expect(bad.flatMap(faultsOf)).toEqual(['script', 'onClick', 'href javascript:alert(1)', 'input'])
})

test('HTML is shown as it was written', () => {
  expect(read(markdown('a <b>bold</b> word\n\n<script>alert(1)</script>')).text).toBe(
    'a <b>bold</b> word<script>alert(1)</script>',
  )
})

test('a link that leads nowhere on the web is shown as it was written', () => {
  expect(shown('[press](javascript:alert(1)) [home](/api/home)')).toBe(
    '<p>[press](javascript:alert(1)) [home](/api/home)</p>',
  )
})

test('a link tells its real host, and says it where its text names another', () => {
  expect(
    shown('[the shop](https://Shop.example/a?b=c&amp;d) <https://shop.example> [me](mailto:me@mail.example)'),
  ).toBe(
    '<p><a href=https://shop.example/a?b=c&d title=shop.example>the shop</a> ' +
      '<a href=https://shop.example/ title=shop.example>https://shop.example</a> ' +
      '<a href=mailto:me@mail.example title=me@mail.example>me</a></p>',
  )
  expect(shown('[https://bank.example/login](https://x:y@evil.example/)')).toBe(
    '<p><a href=https://evil.example/ title=evil.example>https://bank.example/login</a><span> (evil.example)</span></p>',
  )
})

test('an image is a link: nothing is loaded', () => {
  expect(shown('![a cat](https://cats.example/1.png)')).toBe(
    '<p><a href=https://cats.example/1.png title=cats.example>Image: a cat</a></p>',
  )
})

test('character references are the characters, but for those in code', () => {
  expect(shown('1 &lt; 2 &amp;&amp; &#9731; &unknown; &#0; `&lt;`')).toBe(
    '<p>1 < 2 && ☃ &unknown; \uFFFD <code>&lt;</code></p>',
  )
})

test('lists nest, tell what is done and begin where they begin', () => {
  expect(shown('3. one\n   - two\n4. three\n\n- [x] **done**\n- [ ] open')).toBe(
    '<ol start=3><li>one<ul><li>two</li></ul></li><li>three</li></ol>' +
      '<ul><li><input type=checkbox checked=true disabled=true></input><div><strong>done</strong></div></li>' +
      '<li><input type=checkbox checked=false disabled=true></input><div>open</div></li></ul>',
  )
  expect(shown('- [x] done\n\n  more\n\n- [ ] open')).toBe(
    '<ul><li><input type=checkbox checked=true disabled=true></input><div><p>done</p><p>more</p></div></li>' +
      '<li><input type=checkbox checked=false disabled=true></input><div><p>open</p></div></li></ul>',
  )
})

test('tables, headings, quotes, code and strikethrough have their elements', () => {
  expect(shown('# Title\n\n> said\n\n~~gone~~\n\n```ts\nconst a = 1\n```\n\n---')).toBe(
    '<h3>Title</h3><blockquote><p>said</p></blockquote><p><del>gone</del></p>' +
      '<div><div><span>ts</span></div><pre><code>const a = 1</code></pre></div><hr></hr>',
  )
  expect(shown('| a | b |\n|---|--:|\n| 1 | ~~2~~<br>3 |')).toBe(
    '<div role=region aria-label=Table><table><thead><tr><th>a</th><th>b</th></tr></thead>' +
      '<tbody><tr><td>1</td><td><del>2</del><br></br>3</td></tr></tbody></table></div>',
  )
})

/** How many elements stand in each other. */
function depthOf(node: ComponentChildren): number {
  let deepest = 0
  let level: ComponentChildren[] = [node]
  for (; level.length > 0; deepest++)
    level = level.flatMap((one): ComponentChildren[] => {
      if (Array.isArray(one)) return one
      return isValidElement(one) ? [one.props.children] : []
    })
  return deepest
}

test.each([
  ['quotes', '>'.repeat(20_000)],
  ['quotes with spaces', '> '.repeat(20_000)],
  ['lists in a line', '- '.repeat(20_000)],
  ['quoted lists', '> - '.repeat(5_000)],
  ['lists below each other', Array.from({ length: 400 }, (_, index) => `${'  '.repeat(index)}- a`).join('\n')],
  ['emphasis', `${'*'.repeat(20_000)}a${'*'.repeat(20_000)}`],
  ['emphasis of two kinds', `${'*a **b '.repeat(5_000)}${'** *'.repeat(5_000)}`],
  ['links', `${'['.repeat(20_000)}a${'](https://x.example)'.repeat(20_000)}`],
  ['ticks', Array.from({ length: 600 }, (_, index) => '`'.repeat(index)).join(' ')],
  ['words', 'word '.repeat(50_000)],
  ['ends of addresses', `http://a.example/${'.'.repeat(90_000)}`],
  ['columns and rows', `${'|a'.repeat(2_500)}|\n${'|-'.repeat(2_500)}|\n${'x\n'.repeat(5_000)}`],
])('%s without end are shown, without an end of the page', (_name, source) => {
  const tree = markdown(`${source} the end`)
  expect(read(tree).text).toContain('the end')
  expect(depthOf(tree)).toBeLessThan(200)
})

test('a large table that people could mean is one', () => {
  const source = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(500)}`
  expect(read(markdown(source)).elements.filter(({ name }) => name === 'tr')).toHaveLength(501)
})

test('what is nested as people nest is not cut', () => {
  const source = Array.from({ length: 12 }, (_, index) => `${'  '.repeat(index)}- level ${index}`).join('\n')
  expect(read(markdown(source)).elements.filter(({ name }) => name === 'ul')).toHaveLength(12)
})
