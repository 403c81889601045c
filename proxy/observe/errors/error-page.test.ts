import { expect, test } from 'vitest'
import { growth, linear } from '../testing/growth.ts'
import { pageTitle } from './error-page.ts'

test.each([
  [
    'its title',
    '<html><head><title>502 Bad Gateway</title></head><body><h1>x</h1></body></html>',
    '502 Bad Gateway',
  ],
  ['its heading', '<!DOCTYPE html><body><h1 class="a">Over capacity</h1></body>', 'Over capacity'],
  [
    'its text without scripts',
    '<html><style>p{}</style><script>if (a<b) c()</script><p>Gone</p></html>',
    'Gone',
  ],
  ['the text before an unclosed script', '<html><p>Gone</p><script>let a', 'Gone'],
])('takes %s', (_, page, title) => {
  expect(pageTitle(page)?.trim()).toBe(title)
})

test('does not mistake text that contains a tag for a page', () => {
  expect(pageTitle('upstream said <html>')).toBeUndefined()
})

test.each(['<title', '<script', '<', '<h1>'])('takes linear time over a page that consists of %j', (tag) => {
  expect(growth((size) => pageTitle(`<html>${tag.repeat(size)}`), 4_000)).toBeLessThan(linear)
})
