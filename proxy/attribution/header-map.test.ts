import { expect, test } from 'vitest'
import { headerMap } from './header-map.ts'

test('a header sent twice with the same value is one value', () => {
  expect(headerMap(['x-thread-id', 't', 'x-user-id', 'u', 'x-thread-id', 't'])).toEqual({
    'x-thread-id': 't',
    'x-user-id': 'u',
  })
})

test('different values are joined, except where Node takes only the first', () => {
  expect(headerMap(['x-tags', 'a', 'content-type', 'x/y', 'x-tags', 'b', 'content-type', 'z/z'])).toEqual({
    'x-tags': 'a, b',
    'content-type': 'x/y',
  })
})
