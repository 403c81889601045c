import { expect, test } from 'vitest'
import { requestHeaders } from './upstreams.ts'

test('a key is checked as a bearer token', () => {
  expect(requestHeaders('https://api.openai.com/v1', 'sk')).toEqual({ authorization: 'Bearer sk' })
  expect(requestHeaders('https://api.openai.com/v1', undefined)).toEqual({})
})

test("a key of Anthropic's is checked as that API takes it", () => {
  const version = { 'anthropic-version': '2023-06-01' }
  expect(requestHeaders('https://api.anthropic.com/v1', 'sk')).toEqual({ ...version, 'x-api-key': 'sk' })
  expect(requestHeaders('https://api.anthropic.com/v1', undefined)).toEqual(version)
})
