import { expect, test } from 'vitest'
import { requestHeaders } from './upstreams.ts'

test('a key is checked as a bearer token', () => {
  expect(requestHeaders({ provider: 'openai', apiKey: 'sk' })).toEqual({ authorization: 'Bearer sk' })
  expect(requestHeaders({ provider: 'openai' })).toEqual({})
})

test("a key of Anthropic's is checked as that API takes it", () => {
  const version = { 'anthropic-version': '2023-06-01' }
  const provider = 'anthropic'
  expect(requestHeaders({ provider, apiKey: 'sk' })).toEqual({ ...version, 'x-api-key': 'sk' })
  expect(requestHeaders({ provider })).toEqual(version)
})

test('a user and password of the URL take precedence over the key', () => {
  const upstream = { provider: 'openai', apiKey: 'sk', authorization: 'Basic dTpw' }
  expect(requestHeaders(upstream)).toEqual({ authorization: 'Basic dTpw' })
})
