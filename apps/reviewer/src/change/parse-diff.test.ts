import { expect, test } from 'vitest'

import { DiffError } from './errors.ts'
import { parseDiff } from './parse-diff.ts'

const HEADER = 'diff --git a/x.ts b/x.ts\nindex 1..2 100644\n--- a/x.ts\n+++ b/x.ts\n'

test('lines have their numbers, hunks their headings', () => {
  const [file] = parseDiff(
    `${HEADER}@@ -3,2 +3,3 @@ function a()\n b\n+c\n d\n@@ -20 +21 @@\n-e\n+f\n\\ No newline at end of file\n`,
  ).files
  expect(file).toEqual({
    path: 'x.ts',
    kind: 'modified',
    isBinary: false,
    isSymlink: false,
    isSubmodule: false,
    addedLines: 2,
    deletedLines: 1,
    hunks: [
      {
        oldStart: 3,
        newStart: 3,
        heading: 'function a()',
        lines: [
          { kind: 'context', text: 'b', oldLine: 3, newLine: 3 },
          { kind: 'added', text: 'c', newLine: 4 },
          { kind: 'context', text: 'd', oldLine: 4, newLine: 5 },
        ],
      },
      {
        oldStart: 20,
        newStart: 21,
        heading: '',
        lines: [
          { kind: 'deleted', text: 'e', oldLine: 20 },
          { kind: 'added', text: 'f', newLine: 21, isWithoutNewline: true },
        ],
      },
    ],
  })
})

test('what stands before the first file is passed over, and nothing is no change', () => {
  expect(
    parseDiff(`From 1234\nSubject: [PATCH] x\n\n---\n x.ts | 2 +-\n\n${HEADER}@@ -1 +1 @@\n-a\n+b\n-- \n2.47.0\n`)
      .files,
  ).toMatchObject([{ path: 'x.ts', addedLines: 1, deletedLines: 1 }])
  expect(parseDiff('').files).toEqual([])
  expect(parseDiff('\n').files).toEqual([])
})

test('a diff of `diff -u` is read as well', () => {
  const text =
    '--- a/old.c\t2026-01-01 00:00:00\n+++ b/old.c\t2026-01-02 00:00:00\n@@ -1 +1 @@\n-a\n+b\n--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+x\n'
  expect(parseDiff(text).files).toMatchObject([
    { path: 'old.c', kind: 'modified' },
    { path: 'new.c', kind: 'added' },
  ])
})

test.each([
  ['diff --cc x.ts\nindex 1,2..3\n--- a/x.ts\n+++ b/x.ts\n@@@ -1,1 -1,1 +1,1 @@@\n', 'combined'],
  ['diff --combined x.ts\n', 'combined'],
  [`${HEADER}@@ -1,9 +1,9 @@\n-a\n+b\n`, 'malformed'],
  ['hello', 'malformed'],
  ['{"not": "a diff"}', 'malformed'],
  ['diff --git nonsense\n', 'malformed'],
])('%j is refused as %s', (text, code) => {
  const problem = problemOf(() => parseDiff(text))
  expect(problem).toMatchObject({ code })
})

test('a submodule is told from a file', () => {
  const text =
    'diff --git a/lib b/lib\nindex 1111111..2222222 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n'
  expect(parseDiff(text).files).toMatchObject([{ path: 'lib', isSubmodule: true }])
})

function problemOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    if (DiffError.is(error)) return error
    throw error
  }
  return undefined
}

const TWO = `diff --git a/x.ts b/x.ts
--- a/x.ts
+++ b/x.ts
@@ -1 +1 @@
-a
+b
diff --git a/y z.ts b/y z.ts
--- a/y z.ts\t
+++ b/y z.ts\t
@@ -1 +1 @@
-c
+d
`

test.each([
  ['a mark in front of it', `\uFEFF${TWO}`],
  ['another program’s line ends', TWO.replaceAll('\n', '\r\n')],
])('%s loses no file, and no line', (_, text) => {
  expect(parseDiff(text)).toEqual(parseDiff(TWO))
})

test('a diff in colours is refused with what to do about it', () => {
  const text = TWO.replaceAll(/^/gm, '\u001B[1m')
  expect(() => parseDiff(text)).toThrow('This is no diff: it names no file, or it names them in colours')
})

test('a folder is no prefix', () => {
  const names = (text: string) => parseDiff(text).files.map(({ path, kind }) => [path, kind])
  expect(names('diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n')).toEqual([['a', 'modified']])
  expect(names('diff --git a/x a/x\n--- a/x\n+++ a/x\n@@ -1 +1 @@\n-a\n+b\n')).toEqual([['a/x', 'modified']])
  expect(names('diff --git i/x i/x\nnew file mode 100644\n--- /dev/null\n+++ i/x\n@@ -0,0 +1 @@\n+b\n')).toEqual([
    ['i/x', 'added'],
  ])
  expect(names('diff --git a/b b/b\nnew file mode 100644\n')).toEqual([['b', 'added']])
})
