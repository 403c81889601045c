import { expect, test } from 'vitest'
import { coloured, paintFor, plain } from './palette.ts'

test.each([
  ['a terminal', { isTTY: true }, { TERM: 'xterm' }, coloured],
  ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, coloured],
  ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, plain],
  ['a terminal without colours', { isTTY: true }, { TERM: 'dumb' }, plain],
  ['a pipe', {}, { TERM: 'xterm' }, plain],
  ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, coloured],
  ['a terminal with FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, plain],
  [
    'a terminal with NO_COLOR and FORCE_COLOR',
    { isTTY: true },
    { NO_COLOR: '1', FORCE_COLOR: '1' },
    coloured,
  ],
])('%s', (_what, stream, env, paint) => {
  expect(paintFor(stream, env)).toBe(paint)
})

test('a style ends with its text', () => {
  expect(coloured('red', 'no')).toBe('\u001b[31mno\u001b[39m')
  expect(coloured(undefined, 'no')).toBe('no')
  expect(plain('red', 'no')).toBe('no')
})
