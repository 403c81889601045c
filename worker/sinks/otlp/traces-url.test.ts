import { expect, test } from 'vitest'
import { tracesUrl } from './traces-url.ts'

test.each([
  ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/traces'],
  ['http://127.0.0.1:4318/otlp', 'http://127.0.0.1:4318/otlp/v1/traces'],
  ['http://127.0.0.1:4318/v1/traces', 'http://127.0.0.1:4318/v1/traces'],
])('traces for %s go to %s', (endpoint, url) => {
  expect(tracesUrl(endpoint)).toBe(url)
})
