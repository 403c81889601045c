import { expect, test } from 'vitest'
import { type Split, split } from './split.ts'

const bytes = Buffer.from('data: é\r\n\r\ndata: 2\n\n\ndata: 3')

test.each<[Split, readonly string[]]>([
  ['whole', ['data: é\r\n\r\ndata: 2\n\n\ndata: 3']],
  ['event', ['data: é\r\n\r\n', 'data: 2\n\n', '\ndata: 3']],
  ['line', ['data: é\r\n', '\r\n', 'data: 2\n', '\n', '\n', 'data: 3']],
])('splits by %j', (how, texts) => {
  expect(split(bytes, how).map(String)).toEqual(texts)
})

test.each<Split>(['whole', 'event', 'line', 'byte', { seed: 1 }, { seed: 2 }])(
  'splitting by %j loses nothing and is repeatable',
  (how) => {
    const long = Buffer.concat(Array.from({ length: 200 }, () => bytes))
    expect(Buffer.concat(split(long, how)).equals(long)).toBe(true)
    expect(split(long, how)).toEqual(split(long, how))
    expect(split(Buffer.alloc(0), how)).toEqual([])
  },
)
