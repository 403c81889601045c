import { expect, test } from 'vitest'
import { costText, duration, inAndOut, linkCell, localTime, tokens } from './cells.ts'

test('a time today is shown without a date, any other with its date', () => {
  const at = new Date(2026, 10, 20, 9, 3, 7).getTime()
  expect(localTime(at, new Date(2026, 10, 20, 23, 0).getTime())).toBe('09:03:07')
  expect(localTime(at, new Date(2026, 10, 21, 0, 1).getTime())).toBe('11-20 09:03')
  expect(localTime(at, new Date(2027, 0, 1).getTime())).toBe('2026-11-20')
})

test.each([
  [0.4, '0 ms'],
  [345.2, '345 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_951, '1 min 00 s'],
  [125_000, '2 min 05 s'],
])('%d ms is %s', (ms, shown) => {
  expect(duration(ms)).toBe(shown)
})

test('estimated token counts are marked', () => {
  expect(tokens({ provenance: 'provider', input: 12, output: 5 })).toBe('12→5')
  expect(tokens({ provenance: 'estimated', input: 12 })).toBe('~12→-')
  expect(tokens({ provenance: 'missing' })).toBe('-')
})

test('large token counts are rounded', () => {
  expect(inAndOut(9_999, 10_000)).toBe('9999→10k')
  expect(inAndOut(123_456, 1_234_567)).toBe('123k→1.2M')
})

test.each([
  [0, '$0.00'],
  [0.0000012, '$0.0000012'],
  [0.00008, '$0.000080'],
  [0.0123, '$0.012'],
  [0.5, '$0.50'],
  [12.345, '$12.35'],
])('%d USD are %s', (usd, shown) => {
  expect(costText({ usd, source: 'provider' })).toBe(shown)
  expect(costText({ usd, source: 'price_list', date: '2026-08-22' })).toBe(`~${shown}`)
})

test('a link is what linked the call, or why it was not linked', () => {
  expect(linkCell({ kind: 'tool_id', relation: 'step', parentCallId: 'a' })).toBe('tool_id')
  expect(linkCell({ kind: 'none', refused: 'ambiguous' })).toBe('ambiguous')
  expect(linkCell(undefined)).toBe('-')
})
