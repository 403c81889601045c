import { expect, test } from 'vitest'
import { tracesRequest } from './traces-request.ts'

test.each([
  ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/traces'],
  ['http://127.0.0.1:4318/otlp', 'http://127.0.0.1:4318/otlp/v1/traces'],
  ['http://127.0.0.1:4318/v1/traces', 'http://127.0.0.1:4318/v1/traces'],
  ['http://127.0.0.1:4318/otlp?token=t', 'http://127.0.0.1:4318/otlp/v1/traces?token=t'],
  ['http://127.0.0.1:4318/v1/traces?token=t', 'http://127.0.0.1:4318/v1/traces?token=t'],
])('traces for %s go to %s', (endpoint, url) => {
  expect(tracesRequest(endpoint, {})).toEqual({ url, headers: {} })
})

test('user and password become Authorization, unless OTLP_HEADERS has one', () => {
  const endpoint = 'http://ada:pass%20word@127.0.0.1:4318'
  const authorization = `Basic ${Buffer.from('ada:pass word').toString('base64')}`
  const url = 'http://127.0.0.1:4318/v1/traces'
  expect(tracesRequest(endpoint, { 'x-scope': '1' })).toEqual({
    url,
    headers: { authorization, 'x-scope': '1' },
  })
  expect(tracesRequest(endpoint, { authorization: 'Bearer b' })).toEqual({
    url,
    headers: { authorization: 'Bearer b' },
  })
})
