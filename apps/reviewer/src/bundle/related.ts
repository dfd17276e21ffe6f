import { posix } from 'node:path'

/** What files that are read together have in common: `src/a.ts` and `src/a.test.ts`, or all languages of one folder of texts. */
export function relationOf(path: string): string {
  const { dir, name } = posix.parse(path)
  if (/(^|\/)(locales?|i18n|lang|translations|messages)(\/|$)/i.test(dir)) return localeFamily(path)
  const stem = name
    .replace(/^(test_|tests_)/, '')
    .replace(/([._-](test|tests|spec|stories|e2e|types|d|module|styles?))+$/i, '')
    .replace(/(Test|Tests|Spec)$/, '')
  const folder = dir.replace(/(^|\/)(__tests__|__mocks__|tests?|spec)(?=\/|$)/g, '').replace(/^\//, '')
  return `${folder}/${stem.toLowerCase()}`
}

/** Languages are folders or files: `locales/de/menu.json`, `locales/de.json`. */
function localeFamily(path: string): string {
  return path
    .split('/')
    .map((segment) => segment.replace(/^[a-z]{2,3}([-_][A-Za-z]{2,4})?(?=\.|$)/, '*'))
    .join('/')
}
