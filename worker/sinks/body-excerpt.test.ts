import { expect, test } from 'vitest'
import { bodyExcerpt } from './body-excerpt.ts'

test('a body is shown as one line of bounded length', () => {
  expect(bodyExcerpt('  a\n  b ')).toBe('a b')
  expect(bodyExcerpt('x'.repeat(1_000))).toHaveLength(300)
})

test('what a server repeats of our request is not shown', () => {
  expect(bodyExcerpt('{"path":"/api?token=t0ken","got":"Basic cGs6c2s="}')).toBe(
    '{"path":"/api?token=***","got":"Basic ***"}',
  )
})

test("of a bucket's error only code and message are shown, not the signature", () => {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>It does not match.</Message><AWSAccessKeyId>AKIAX</AWSAccessKeyId><StringToSign>GET x</StringToSign></Error>'
  expect(bodyExcerpt(body)).toBe('SignatureDoesNotMatch: It does not match.')
})
