import { expect, test } from 'vitest'
import { readResponseHead, writeResponseHead } from '../tape/messages.ts'
import { createHeadWriter } from './journalled-head.ts'

test('with REDACT what an upstream says in header fields is redacted, or left out where it is encoded', () => {
  const write = createHeadWriter((text) => text.replaceAll(/ada/g, '[name]'))
  const head = writeResponseHead(200, ['X-End-User', 'ada', 'Content-Type', 'text/plain', 'X-Link', '%61da'])
  expect(readResponseHead(Buffer.from(write(Buffer.from(head)), 'latin1'))).toEqual({
    status: 200,
    fields: ['X-End-User', '[name]', 'Content-Type', 'text/plain'],
  })
})
