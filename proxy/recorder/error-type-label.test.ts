import { expect, test } from 'vitest'
import { errorTypeLabel, statusLabel } from './error-type-label.ts'

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
