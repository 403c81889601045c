import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { anchorsOf, relativeLinks } from './testing/links.ts'
import { markdownFiles } from './testing/markdown-files.ts'

const pages = markdownFiles()

test('every link between our own files leads to a file and to a heading that are there', () => {
  const broken = [...pages].flatMap(([path, text]) =>
    relativeLinks(text)
      .filter((target) => !leadsSomewhere(path, target))
      .map((target) => `${path}: ${target}`),
  )
  expect(broken).toEqual([])
})

function leadsSomewhere(from: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? from : join(dirname(from), decodeURIComponent(path))
  if (!existsSync(file)) return false
  return anchor === undefined || anchorsOf(pages.get(file) ?? '').has(anchor)
}

test('the index names every page of docs/', () => {
  const named = new Set(relativeLinks(pages.get('docs/README.md') ?? ''))
  const missing = [...pages.keys()]
    .filter((path) => /^docs\/[^/]+$/.test(path) && path !== 'docs/README.md')
    .filter((path) => !named.has(path.slice('docs/'.length)))
  expect(missing).toEqual([])
})

test('links within code, and those that lead elsewhere, are none of ours', () => {
  const text = '[a](b.md) ![c](d/e.svg)\n```sh\n[f](g.md)\n```\n[h](https://example.com) [i](#j)'
  expect(relativeLinks(text)).toEqual(['b.md', 'd/e.svg', '#j'])
})

test('a heading’s anchor is the one that GitHub gives it', () => {
  const text =
    '# What is checked, and what is not\n## `A_b` [c](d)\n```\n# no heading\n```\n## Json\n### Json'
  expect([...anchorsOf(text)]).toEqual(['what-is-checked-and-what-is-not', 'a_b-c', 'json', 'json-1'])
})
