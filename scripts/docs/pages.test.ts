import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { beginMark, endMark, withPicture } from './folders.ts'
import { markdownTable } from './markdown.ts'
import { pages } from './pages.ts'
import { settingsPage } from './settings.ts'

test.each(Object.entries(pages))('%s is up to date (if not: npm run docs)', async (path, generate) => {
  const written = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
  expect(generate(written)).toBe(written)
})

test('a picture takes the place of the one between its marks, and of nothing else', () => {
  const text = `before\n${beginMark}\nold\n${endMark}\nafter`
  expect(withPicture(text, 'new')).toBe(`before\n${beginMark}\nnew\n${endMark}\nafter`)
  expect(() => withPicture('no marks', 'new')).toThrow('no place for the picture')
})

test('a setting is shown with its other names, its default and whether it is secret', () => {
  const page = settingsPage({
    key: { env: 'KEY', aliases: ['OLD_KEY'], secret: true, help: 'a | b' },
    port: { env: 'PORT', fallback: '1', help: 'where' },
  })
  expect(page).toContain('| `KEY` or `OLD_KEY` (secret) | none | a \\| b |')
  expect(page).toContain('| `PORT` | `1` | where |')
})

test('a table has one line per row, whatever is in the cells', () => {
  expect(markdownTable(['a', 'b'], [['1\n2', 'x|y']])).toBe('| a | b |\n| --- | --- |\n| 1 2 | x\\|y |')
})
