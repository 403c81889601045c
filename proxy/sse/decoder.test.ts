import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSseDecoder } from './decoder.ts'

type Decoded = { data: string; type: string } | { stray: string } | { overlong: number }

function decode(chunks: readonly Uint8Array[], maxEventBytes = 1_000_000): Decoded[] {
  const decoded: Decoded[] = []
  const decoder = createSseDecoder(
    {
      event: (data, type) => decoded.push({ data, type }),
      stray: (stray) => decoded.push({ stray }),
      overlong: (overlong) => decoded.push({ overlong }),
    },
    maxEventBytes,
  )
  for (const chunk of chunks) decoder.push(Buffer.from(chunk))
  decoder.end()
  return decoded
}

const dataOf = (text: string, maxEventBytes?: number) =>
  decode([Buffer.from(text)], maxEventBytes).map((decoded) => ('data' in decoded ? decoded.data : decoded))

test.each([
  ['LF', 'data: a\n\ndata: b\n\n'],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n'],
  ['CR', 'data: a\r\rdata: b\r\r'],
  ['mixed', 'data: a\r\n\ndata: b\n\r\n'],
])('reads events whose lines end in %s', (_, text) => {
  expect(dataOf(text)).toEqual(['a', 'b'])
})

test('joins several data lines of one event with a line feed', () => {
  expect(dataOf('data: a\ndata:\ndata: b\n\n')).toEqual(['a\n\nb'])
})

test('takes at most one space off a value, and needs none', () => {
  expect(dataOf('data:a\n\ndata:  b\n\ndata:\n\ndata\n\n')).toEqual(['a', ' b', '', ''])
})

test('reports the event field with its own event only', () => {
  expect(decode([Buffer.from('event: error\ndata: a\n\ndata: b\n\n')])).toEqual([
    { data: 'a', type: 'error' },
    { data: 'b', type: '' },
  ])
})

test('skips comments, ids, retry times, a byte order mark and events without data', () => {
  expect(dataOf('\uFEFF: hello\nid: 1\nretry: 5\n\nevent: ping\n\n\n\ndata: a\n\n')).toEqual(['a'])
  expect(dataOf('\uFEFFdata: a\n\n')).toEqual(['a'])
})

test('dispatches the last event without its blank line, or even its line end', () => {
  expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a', 'b'])
  expect(dataOf('data: a\n\ndata: b')).toEqual(['a', 'b'])
})

test('reports lines that are not a field of the format', () => {
  expect(decode([Buffer.from('error: overloaded\n\n{"error":{"message":"no"}}\n')])).toEqual([
    { stray: 'error: overloaded' },
    { stray: '{"error":{"message":"no"}}' },
  ])
})

test('decodes invalid UTF-8 as replacement characters', () => {
  expect(dataOf('data: ')).toEqual([''])
  expect(decode([Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xe2, 0x82, 0x0a, 0x0a])])).toEqual([
    { data: '\uFFFD\uFFFD', type: '' },
  ])
})

test('skips an event over the limit, in one line or in many, and continues with the next', () => {
  const long = 'x'.repeat(40)
  expect(dataOf(`data: ${long}\n\ndata: a\n\n`, 30)).toEqual([{ overlong: 46 }, 'a'])
  expect(dataOf(`${'data: 0123456789\n'.repeat(4)}\ndata: a\n\n`, 30)).toEqual([{ overlong: 43 }, 'a'])
})

const piece = fc.constantFrom(
  'data: ',
  'data:',
  'data',
  'event: x',
  'error: y',
  'id: 7',
  ':',
  '{"a":1}',
  'é€😀',
  'x'.repeat(20),
  '\n',
  '\n\n',
  '\r\n',
  '\r\n\r\n',
  '\r',
  '\r\r',
  '\uFEFF',
  ' ',
)

test('decodes the same events, whatever the stream and however it is chunked', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.array(fc.nat(60)),
      fc.boolean(),
      (pieces, sizes, corrupt) => {
        const bytes = Buffer.from(pieces.join(''))
        if (corrupt) bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + 1).fill(0xe2)
        const chunks: Buffer[] = []
        let at = 0
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size))
          at = Math.min(at + size, bytes.length)
        }
        chunks.push(bytes.subarray(at))
        const whole = decode([bytes], 50)
        expect(decode(chunks, 50)).toEqual(whole)
        expect(
          decode(
            Array.from(bytes, (byte) => Buffer.of(byte)),
            50,
          ),
        ).toEqual(whole)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('counts the line feeds of an event that consists of empty lines', () => {
  expect(dataOf(`${'data:\n'.repeat(50)}\ndata: a\n\n`, 30)).toEqual([{ overlong: 49 }, 'a'])
})

test('skips a comment of any length', () => {
  expect(dataOf(`: ${'x'.repeat(50)}\ndata: a\n\n`, 30)).toEqual(['a'])
})
