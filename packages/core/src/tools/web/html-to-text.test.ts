import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { htmlToText } from './html-to-text.ts'

const convert = (html: string) => htmlToText(html, 'https://example.com/a/').text

test('htmlToText() gives a page as headings, paragraphs, lists and links', () => {
  const page = htmlToText(
    `<!doctype html><html><head><title> A &amp; B </title><style>p { color: red }</style>
     <script>if (1 < 2) document.write('<p>no</p>')</script></head>
     <body><!-- <p>hidden</p> --><h1>Hello <em>there</em></h1><p>One
     two&nbsp;&#8212; <a href="../b?x=1&amp;y=2">three</a>.<br>four
     <ul><li>first<ol><li>inner</ol><li><p>second</p></ul>
     <pre>  a\n    b</pre><table><tr><th>k<th>v<tr><td>1<td>2</table>
     <img alt="a picture"> <a href="javascript:x()">run</a><svg><text>drawn</text></svg> end`,
    'https://example.com/a/',
  )
  expect(page).toEqual({
    title: 'A & B',
    text: [
      '# Hello there',
      'One two — three (https://example.com/b?x=1&y=2).\nfour',
      '- first\n  1. inner\n- second',
      '```\n  a\n    b\n```',
      'k | v\n1 | 2',
      'a picture run end',
    ].join('\n\n'),
  })
})

test.each([
  ['a < b and c > d', 'a < b and c > d'],
  ['1<2', '1<2'],
  ['<p title="a > b">x</p>', 'x'],
  ["<p don't>x</p>", 'x'],
  ['<a href="/x', ''],
  ['<!-- never closed <p>x', ''],
  ['<script>never closed <p>x', ''],
  ['x<SCRIPT>no</ScRiPt >y', 'xy'],
  ['&lt;b&gt; &unknown; &#0; &#xd800; &#x1F600;', '<b> &unknown; \ufffd \ufffd 😀'],
  ['<base href="https://other.example/d/"><a href=e>x</a>', 'x (https://other.example/d/e)'],
  ['<a href="#top">up</a> <a href="/y"></a> <a href="http://[">bad</a>', 'up bad'],
  ['<a href="/1">one<a href="/2">two', 'one (https://example.com/1)two (https://example.com/2)'],
  ['<h1></h1><p>x', 'x'],
  ['<ul><li></li></ul>x', 'x'],
  ['<ul><li>a<p>b</ul>', '- a\n\nb'],
  ['', ''],
])('htmlToText() reads %j', (html, text) => {
  expect(convert(html)).toBe(text)
})

test('htmlToText() returns for any text', () => {
  const parts = [
    '<',
    '>',
    '</',
    '<!--',
    '-->',
    '"',
    "'",
    '=',
    '<a href=',
    '<li>',
    '<ul>',
    '<pre>',
    '</pre>',
    '<svg>',
    '&#',
  ]
  const html = fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 30 })
    .map((each) => each.join(''))
  const returns = fc.property(html, (text) => {
    expect(typeof convert(text)).toBe('string')
  })
  fc.assert(returns, { numRuns: 1_000 })
})

// Two million characters each: what grows with the square would take minutes, and what recurses would overflow.
test.each([
  ['nested elements', '<div>', 400_000],
  ['nested lists', '<ul><li>', 250_000],
  ['unclosed comments', '<!--', 500_000],
  ['unclosed scripts', '<script>', 250_000],
  ['unclosed quotes', '<a href="', 220_000],
  ['unclosed tags', '<a', 1_000_000],
  ['lone signs', '<', 2_000_000],
  ['ampersands', '&', 2_000_000],
  ['spaces', ' ', 2_000_000],
  ['attributes', ' href', 400_000],
  ['preformatted', '<pre>x', 330_000],
  ['links', '<a href=/x>y', 160_000],
])('htmlToText() takes %s by the million', (_name, part, times) => {
  const text = convert(`<p ${part.repeat(times)}`) + convert(part.repeat(times))
  expect(text.length).toBeLessThan(20_000_000)
})

test('htmlToText() takes a million nested elements', () => {
  expect(convert(`${'<div>'.repeat(1_000_000)}deep${'</div>'.repeat(1_000_000)}`)).toBe('deep')
})
