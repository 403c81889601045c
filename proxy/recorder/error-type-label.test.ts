import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { errorTypeLabel, statusLabel } from './error-type-label.ts'
import { createRecorderEvents } from './recorder-events.ts'

test.each([
  [undefined, ''],
  ['rate_limit_exceeded', 'rate_limit_exceeded'],
  ['http_503', 'http_503'],
  ['http_999', 'other'],
  ['http_5030', 'other'],
  ['our-own-code-17', 'other'],
  ['constructor', 'other'],
])('an error of the type %s has the label %s', (type, label) => {
  expect(errorTypeLabel(type)).toBe(label)
})

test.each([
  [undefined, 'none'],
  [200, '200'],
  [529, '529'],
  [599, 'other'],
])('a status of %s has the label %s', (status, label) => {
  expect(statusLabel(status)).toBe(label)
})

test('however many codes, statuses and models upstreams and clients make up, a scrape stays small', async () => {
  const registry = new Registry()
  const events = createRecorderEvents(registry, createLogger('silent', 'proxy'))
  for (let n = 0; n < 1_500; n++) {
    const record: InferenceRecord = {
      ...numberedRecord(n),
      request: { ...numberedRecord(n).request, model: n < 750 ? 'm' : `model-${n}` },
      response: { bodyBytes: 0, status: 100 + (n % 900) },
      ending: 'upstream_error',
      error: { type: `code_${n}`, message: '' },
    }
    events.callEnded(record)
  }
  const series = (await registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith('gen_ai_client_operation'))
  const errorTypes = new Set(series.map((line) => /error_type="([^"]*)"/.exec(line)?.[1]))
  expect([...errorTypes]).toEqual(['other'])
})
