import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageFrameCutter } from './usage-frame-cutter.ts'

const content = (text: string) =>
  `{"id":"c","choices":[{"index":0,"delta":{"content":"${text}"}}],"usage":null}`
const usage =
  '{"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":1,"total_tokens":2}}'

function cut(stream: Buffer, sizes: readonly number[] = [stream.length]): { output: string; frames: number } {
  const cutter = new UsageFrameCutter()
  const output: Buffer[] = []
  let at = 0
  for (let turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    output.push(cutter.push(stream.subarray(at, at + size)))
    at += size
  }
  output.push(cutter.end())
  return { output: Buffer.concat(output).toString(), frames: cutter.cutFrames }
}

const lineEnds = { LF: '\n', CRLF: '\r\n', CR: '\r' }
// CR and LF in a row are one line end, so a line that ends with CR cannot be followed by a blank one of LF.
const framings = Object.entries(lineEnds).flatMap(([first, line]) =>
  Object.entries(lineEnds)
    .filter(([second]) => first !== 'CR' || second !== 'LF')
    .map(([second, blank]) => [first, second, line, line + blank] as const),
)

test.each(framings)(
  'cuts exactly the usage frame out of lines that end with %s and blank ones with %s, for every cut',
  (_first, _second, eol, end) => {
    const before = `: hello${end}data: ${content('hé')}${end}data:${content('llo')}${end}`
    const comment = `: still here${end}`
    const after = `data: [DONE]${end}`
    for (const frame of [`data: ${usage}`, `data:${usage}`, `event: x${eol}id: 7${eol}data: ${usage}`]) {
      const stream = Buffer.from(`${before}${comment}${frame}${end}${after}`)
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (sizes) => {
          expect(cut(stream, sizes)).toEqual({ output: before + comment + after, frames: 1 })
        }),
      )
      expect(cut(stream, [1])).toEqual({ output: before + comment + after, frames: 1 })
    }
  },
)

test('after a frame with choices a vendor’s frame of usage without them is cut, for every cut', () => {
  const vendors = '{"id":"c","object":"chunk","usage":{"total_tokens":2},"region":"eu"}'
  const before = `data: ${content('a')}\n\n`
  const stream = Buffer.from(`${before}data: ${vendors}\n\ndata: [DONE]\n\n`)
  for (let size = 1; size <= stream.length; size++)
    expect(cut(stream, [size])).toEqual({ output: `${before}data: [DONE]\n\n`, frames: 1 })
  expect(cut(stream, [before.length, stream.length]).frames).toBe(1)
})

test('a complete event passes through at once, whatever its line ends', () => {
  for (const [, , , end] of framings) {
    const event = `data: {"a":1}${end}`
    expect(new UsageFrameCutter().push(Buffer.from(event)).toString()).toBe(event)
  }
})

test('cuts a usage frame that is the last event and lacks its line end', () => {
  expect(cut(Buffer.from(`data: ${content('a')}\n\ndata: ${usage}`)).output).toBe(`data: ${content('a')}\n\n`)
})

test('keeps comments within the frame it cuts', () => {
  expect(cut(Buffer.from(`: one\ndata: ${usage}\n: two\n\ndata: [DONE]\n\n`)).output).toBe(
    ': one\n: two\ndata: [DONE]\n\n',
  )
})

test.each([
  [
    'usage beside a choice',
    '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"total_tokens":2}}',
  ],
  ['no usage', '{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}'],
  ['usage and another key', '{"choices":[],"usage":{"total_tokens":2},"citations":["https://example.com"]}'],
  ['usage that is null', '{"choices":[],"usage":null}'],
  [
    'text that only looks like usage',
    '{"choices":[{"delta":{"content":"\\"choices\\":[],\\"usage\\":{}"}}]}',
  ],
  ['something that is not JSON', '{"choices":[],"usage":{'],
])('passes through a frame with %s', (_what, frame) => {
  const stream = `data: ${frame}\n\ndata: [DONE]\n\n`
  expect(cut(Buffer.from(stream), [7])).toEqual({ output: stream, frames: 0 })
})

test('passes keep-alive comments through at once, and a complete event before the next one is complete', () => {
  const cutter = new UsageFrameCutter()
  expect(cutter.push(Buffer.from(': ping\n')).toString()).toBe(': ping\n')
  expect(cutter.push(Buffer.from('data: {"a":1}\n\ndata: {"b"')).toString()).toBe('data: {"a":1}\n\n')
})

test('does not hold back an event that is too long to be a usage frame, and finds its end however it is chunked', () => {
  const long = `data: {"x":"${'y'.repeat(100_000)}"}\r\n\r\n`
  for (let from = 80_000; from < 80_000 + 7; from++) {
    const cutter = new UsageFrameCutter()
    expect(cutter.push(Buffer.from(long.slice(0, from))).length).toBe(from)
    let rest = ''
    for (const part of long.slice(from).match(/[\s\S]{1,7}/g) ?? []) rest += cutter.push(Buffer.from(part))
    expect(rest).toBe(long.slice(from))
    expect(cutter.push(Buffer.from(`data: ${usage}\n\n`)).toString()).toBe('')
  }
})

test('any bytes without a usage frame pass through unchanged', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (bytes, sizes) => {
        expect(cut(Buffer.from(bytes), sizes).output).toBe(Buffer.from(bytes).toString())
      },
    ),
  )
})

test('of a repeated usage key the last value counts, as in JSON.parse', () => {
  const twice = '{"choices":[],"usage":null,"usage":{"total_tokens":2}}'
  const never = '{"choices":[],"usage":null,"x":"\\"usage\\":{"}'
  expect(cut(Buffer.from(`data: ${twice}\n\ndata: ${never}\n\n`))).toEqual({
    output: `data: ${never}\n\n`,
    frames: 1,
  })
})
