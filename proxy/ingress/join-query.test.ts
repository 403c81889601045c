import { expect, test } from 'vitest'
import { joinQuery } from './join-query.ts'

test.each([
  ['/v1/models', undefined, '/v1/models'],
  ['/v1/models', 'key=1', '/v1/models?key=1'],
  ['/v1/models?limit=2', 'key=1&api-version=3', '/v1/models?limit=2&key=1&api-version=3'],
  ['/v1/models?', 'key=1', '/v1/models?key=1'],
  ['/v1/models?key=own', 'key=1&b=2', '/v1/models?key=own&b=2'],
  ['/v1/models?key=own', 'key=1', '/v1/models?key=own'],
])('%s and the query %s go on as %s', (path, query, joined) => {
  expect(joinQuery(path, query)).toBe(joined)
})
