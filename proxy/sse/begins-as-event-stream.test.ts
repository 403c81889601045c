import { expect, test } from 'vitest'
import { beginsAsEventStream } from './begins-as-event-stream.ts'

const verdict = (text: string) => beginsAsEventStream(Buffer.from(text))

test.each([
  'data: {"a":1}\n\n',
  'data:x',
  'data\n\n',
  'event: ping\n',
  'id: 7',
  'retry: 3',
  ': hello',
  '\r\n\ndata: x',
  '\r\rdata: x',
  '\ufeffdata: x',
  'comment: hi\n\ndata: x',
  'x-request-id: 7\r\nevent: y',
])('%j begins as an event stream, however it is cut', (text) => {
  const bytes = Buffer.from(text)
  const verdicts = [...bytes.keys()].map((at) => beginsAsEventStream(bytes.subarray(0, at + 1)))
  expect(verdicts.at(-1)).toBe(true)
  // Once it is decided it stays so.
  expect(verdicts.filter((one) => one === false)).toEqual([])
})

test.each([
  '{"data":1}',
  '[1]',
  '<html>',
  '"data:"',
  ' data: x',
  'Internal Server Error',
  '7',
  'no field\n\ndata: x',
])('%j does not', (text) => expect(verdict(text)).toBe(false))

test.each(['', '\n\n', 'da', 'database: x', 'Error: quota exceeded'])('of %j more is needed', (text) =>
  expect(verdict(text)).toBeUndefined(),
)

test('what goes on with other fields is none in the end', () => {
  expect(verdict(`Error: ${'x'.repeat(2_000)}`)).toBe(false)
  expect(verdict('field: x\n'.repeat(200))).toBe(false)
})
