import { expect, test } from 'vitest'
import { filterOf, parametersOf, WrongFilter } from './search-params.ts'

const now = Date.parse('2026-11-27T12:00:00Z')

test('a filter is read as it stands in an address', () => {
  const parameters = {
    text: ' tide ',
    user: 'ada',
    errors: '1',
    slower: '2s',
    from: '1h',
    to: '15m',
    limit: '5',
  }
  expect(filterOf(parameters, now)).toEqual({
    text: 'tide',
    user: 'ada',
    errors: true,
    slowerThanMs: 2_000,
    from: now - 3_600_000,
    to: now - 900_000,
  })
})

test('what a form leaves empty excludes nothing', () => {
  expect(filterOf({ text: '', model: ' ', errors: '', slower: '', from: '' }, now)).toEqual({})
})

test.each([
  ['2026-11-27T09:00:00Z', Date.parse('2026-11-27T09:00:00Z')],
  ['1764230400000', 1_764_230_400_000],
  ['7d', now - 7 * 86_400_000],
])('the time %s is understood', (from, expected) => {
  expect(filterOf({ from }, now)).toEqual({ from: expected })
})

test.each([{ slower: 'soon' }, { slower: '-1' }, { from: 'yesterday' }, { to: '5x' }])(
  '%j is refused with what it should be like',
  (parameters) => {
    expect(() => filterOf(parameters, now)).toThrow(WrongFilter)
  },
)

test('a filter is written as it is read', () => {
  const filter = filterOf(
    {
      text: 'high & dry',
      model: 'x',
      user: 'ada',
      thread: '',
      errors: '1',
      slower: '1.5s',
      from: '1h',
      to: '0',
    },
    now,
  )
  expect(filterOf(parametersOf(filter), 0)).toEqual(filter)
})
