import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSseDecoder } from './decoder.ts'

type SourcedValue = { data: string; type: string } | { stray: string } | { overlong: number }

function decode(chunks: readonly Uint8Array[], maxEventBytes = 1_000_000): SourcedValue[] {
  const told: SourcedValue[] = []
  const decoder = createSseDecoder(
    {
      event: (data, type) => told.push({ data, type }),
      stray: (stray) => told.push({ stray }),
      overlong: (overlong) => told.push({ overlong }),
    },
    maxEventBytes,
  )
  for (const chunk of chunks) decoder.push(Buffer.from(chunk))
  decoder.end()
  return told
}

const dataOf = (text: string, maxEventBytes?: number) =>
  decode([Buffer.from(text)], maxEventBytes).map((told) => ('data' in told ? told.data : told))

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

test('tells the event field with its event only', () => {
  expect(decode([Buffer.from('event: error\ndata: a\n\ndata: b\n\n')])).toEqual([
    { data: 'a', type: 'error' },
    { data: 'b', type: '' },
  ])
})

test('passes over comments, ids, retry times, a byte order mark and events without data', () => {
  expect(dataOf('\uFEFF: hello\nid: 1\nretry: 5\n\nevent: ping\n\n\n\ndata: a\n\n')).toEqual(['a'])
  expect(dataOf('\uFEFFdata: a\n\n')).toEqual(['a'])
})

test('tells the last event where its blank line, or even its line end, is missing', () => {
  expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a', 'b'])
  expect(dataOf('data: a\n\ndata: b')).toEqual(['a', 'b'])
})

test('reports lines that are no field of the format', () => {
  expect(decode([Buffer.from('error: overloaded\n\n{"error":{"message":"no"}}\n')])).toEqual([
    { stray: 'error: overloaded' },
    { stray: '{"error":{"message":"no"}}' },
  ])
})

test('shows invalid UTF-8 as replacement characters', () => {
  expect(dataOf('data: ')).toEqual([''])
  expect(decode([Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xe2, 0x82, 0x0a, 0x0a])])).toEqual([
    { data: '\uFFFD\uFFFD', type: '' },
  ])
})

test('leaves out an event over the limit, in one line or in many, and goes on with the next', () => {
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

test('tells the same, whatever the stream and however it is cut', () => {
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

test('counts the line feeds of an event that is nothing but empty lines', () => {
  expect(dataOf(`${'data:\n'.repeat(50)}\ndata: a\n\n`, 30)).toEqual([{ overlong: 49 }, 'a'])
})

test('passes over a comment of any length', () => {
  expect(dataOf(`: ${'x'.repeat(50)}\ndata: a\n\n`, 30)).toEqual(['a'])
})
