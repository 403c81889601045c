import { expect, test } from 'vitest'
import { codeOf, reasonOf, unwrapAggregate } from './error-cause.ts'

const withCode = (message: string, code: unknown) => Object.assign(new Error(message), { code })

const refused = withCode('connect ECONNREFUSED 127.0.0.1:4011', 'ECONNREFUSED')
const fetchFailed = new TypeError('fetch failed', { cause: refused })
const allRefused = Object.assign(new AggregateError([refused, withCode('connect ECONNREFUSED ::1', 'E2')]), {
  code: 'ECONNREFUSED',
})

test.each<[unknown, string, string | undefined]>([
  [refused, 'connect ECONNREFUSED 127.0.0.1:4011', 'ECONNREFUSED'],
  [fetchFailed, 'connect ECONNREFUSED 127.0.0.1:4011', 'ECONNREFUSED'],
  [allRefused, 'connect ECONNREFUSED 127.0.0.1:4011', 'ECONNREFUSED'],
  [
    new TypeError('fetch failed', { cause: allRefused }),
    'connect ECONNREFUSED 127.0.0.1:4011',
    'ECONNREFUSED',
  ],
  [Object.assign(new AggregateError([]), { code: 'E' }), 'E', 'E'],
  [withCode('outer', 'LEVEL_DATABASE_NOT_OPEN'), 'outer', 'LEVEL_DATABASE_NOT_OPEN'],
  [
    Object.assign(withCode('outer', 'OUTER'), { cause: withCode('inner', 'LEVEL_LOCKED') }),
    'inner',
    'LEVEL_LOCKED',
  ],
  [Object.assign(withCode('outer', 'OUTER'), { cause: new Error('inner') }), 'inner', 'OUTER'],
  [withCode('', 'ECONNRESET'), 'ECONNRESET', 'ECONNRESET'],
  [withCode('aborted', 20), 'aborted', undefined],
  [new RangeError(''), 'RangeError', undefined],
  [new Error('one\n  two'), 'one two', undefined],
  ['text', 'text', undefined],
  [undefined, 'undefined', undefined],
])('%o: reason %j, code %j', (cause, reason, code) => {
  expect(reasonOf(cause)).toBe(reason)
  expect(codeOf(cause)).toBe(code)
})

test('an AggregateError is unwrapped to its first error, anything else to an error of its own', () => {
  expect(unwrapAggregate(allRefused)).toBe(refused)
  expect(unwrapAggregate(fetchFailed)).toBe(fetchFailed)
  expect(unwrapAggregate('text')).toEqual(new Error('text'))
})
