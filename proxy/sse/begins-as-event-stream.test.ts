import { expect, test } from 'vitest'
import { beginsAsEventStream } from './begins-as-event-stream.ts'

test.each([
  'data: {"a":1}\n\n',
  'data:x',
  'event: ping\n',
  'id: 7',
  'retry: 3',
  ': hello',
  '\r\n\ndata: x',
  '\ufeffdata: x',
  'da',
])('%j begins as an event stream', (text) => expect(beginsAsEventStream(Buffer.from(text))).toBe(true))

test.each(['{"data":1}', '[1]', '', '\n\n', 'database: x', '<html>', '"data:"', ' data: x'])(
  '%j does not',
  (text) => expect(beginsAsEventStream(Buffer.from(text))).toBe(false),
)
