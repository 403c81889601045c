import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodings } from '../../shared/testing/encoded.ts'
import { split } from '../../shared/testing/split.ts'
import { stillClock } from '../../shared/testing/still-clock.ts'
import { codingOf } from '../content-codings/codings.ts'
import { createCallObserver } from './call-observer.ts'
import { aCall, asyncRecordOfExchange, eventStream, json, recordOfExchange, sse } from './testing/exchange.ts'

const chunk = (content: string, finish: string | null = null) => ({
  id: 'chatcmpl-1',
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, delta: { content }, finish_reason: finish }],
})
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }
const hello = sse(chunk(''), chunk('Hello'), chunk('!', 'stop'), usage)

const decodable = Object.entries(encodings).filter(([, { coding }]) => codingOf(coding) !== undefined)

const helloOutput = { kind: 'choices', choices: [{ index: 0, content: 'Hello!', finishReason: 'stop' }] }

test('builds one record of a streamed call', () => {
  const body = { model: 'gpt-4o', stream: true, temperature: 0, messages: [{ role: 'user', content: 'Hi' }] }
  const headers = { ...eventStream, 'x-request-id': 'req_1' }
  expect(recordOfExchange({ call: { body, retry: 2 }, headers, chunks: [hello] })).toEqual({
    v: 1,
    ...fieldsOfCall(),
    request: { model: 'gpt-4o', stream: true, parameters: { temperature: 0 }, bodyBytes: 0, retry: 2 },
    response: {
      model: 'gpt-4o-2024-08-06',
      id: 'chatcmpl-1',
      status: 200,
      requestId: 'req_1',
      bodyBytes: Buffer.byteLength(hello),
    },
    input: body.messages,
    output: helloOutput,
    usage: { provenance: 'provider', input: 3, output: 2, total: 5 },
    times: { startedAt: 1_790_000_000_000, firstByteMs: 1, firstTokenMs: 1, durationMs: 2 },
    stream: { events: 4, largestGapMs: 0, lastEventMs: 1 },
    ending: 'completed',
  })
})

function fieldsOfCall() {
  const { id, trace, context, operation, method, route, provider, upstream } = aCall()
  return { id, trace, context, operation, method, route, provider, upstream }
}

test('times the first content, not the first event, and the longest gap between events', async () => {
  const clock = stillClock()
  const observer = createCallObserver(aCall(), { content: 'full', maxBytes: 1_000 })
  const send = (afterMs: number, event: object) => {
    clock.advance(afterMs)
    observer.responseData(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), clock.monotonic())
  }
  observer.responseStarted(200, eventStream)
  send(10, chunk(''))
  send(20, chunk('Hel'))
  send(70, chunk('lo'))
  send(5, chunk('', 'stop'))
  clock.advance(1)
  const { times, stream } = await observer.finish({ kind: 'relayed' }, 0, clock.monotonic())
  expect(times).toMatchObject({ firstByteMs: 10, firstTokenMs: 30, durationMs: 106 })
  expect(stream).toEqual({ events: 4, largestGapMs: 70, largestGapFromMs: 30, lastEventMs: 105 })
})

test.each(decodable)(
  'reads a stream compressed with %s, split at any byte',
  async (_name, { coding, encode }) => {
    for (const how of ['whole', 'byte', { seed: 3 }] as const) {
      const record = await asyncRecordOfExchange({
        headers: { ...eventStream, 'content-encoding': coding },
        chunks: split(encode(Buffer.from(hello)), how),
      })
      expect(record).toMatchObject({
        output: helloOutput,
        usage: { total: 5 },
        ending: 'completed',
        stream: { events: 4 },
      })
      expect(record.response).not.toHaveProperty('unseenBytes')
    }
  },
)

test('keeps the readable part of a compressed stream that was cut off', async () => {
  const bytes = gzipSync(sse(...Array.from({ length: 200 }, (_, at) => chunk(`${at * 7919} `))))
  const error = { type: 'upstream_closed', message: 'reset' }
  const record = await asyncRecordOfExchange({
    headers: { ...eventStream, 'content-encoding': 'gzip' },
    chunks: [bytes.subarray(0, bytes.length >> 1)],
    end: { kind: 'upstream_closed', error },
  })
  expect(record).toMatchObject({ ending: 'upstream_closed', error })
  expect(JSON.stringify(record.output)).toContain('0 7919 15838')
})

test.each(['application/json', '', 'text/plain'])('recognises a stream with the content type %j', (type) => {
  const record = recordOfExchange({ headers: { 'content-type': type }, chunks: [hello] })
  expect(record).toMatchObject({ output: helloOutput, ending: 'completed', stream: { events: 4 } })
})

test.each([
  ['an event of type error', 'event: error\ndata: {"error":{"message":"Busy"}}\n\n'],
  ['an event of type error without JSON', 'event: error\ndata: Busy\n\n'],
  ['the data of an event', 'data: {"error":{"message":"Busy"}}\n\n'],
  ['a line that belongs to no event', 'error: Busy\n\n'],
  ['JSON without framing', '{"error":{"message":"Busy"}}'],
])('finds an error within a stream in %s', (_, frame) => {
  const record = recordOfExchange({ chunks: [sse(chunk('Hel')).replace('data: [DONE]\n\n', ''), frame] })
  expect(record).toMatchObject({ ending: 'error_in_stream', error: { type: 'error', message: 'Busy' } })
  expect(record.output).toMatchObject({ choices: [{ content: 'Hel' }] })
})

test('reads a plain JSON response with the content type of a stream', () => {
  const body = JSON.stringify({
    id: 'c',
    choices: [{ index: 0, message: { content: 'Hello!' }, finish_reason: 'stop' }],
    usage: { total_tokens: 5 },
  })
  for (const chunks of [[body], [...body]]) {
    expect(recordOfExchange({ chunks })).toMatchObject({
      output: helloOutput,
      usage: { total: 5 },
      ending: 'completed',
      stream: { events: 1 },
    })
  }
})

test('reports a stream without end mark as truncated', () => {
  expect(recordOfExchange({ chunks: [sse(chunk('Hel')).replace('data: [DONE]\n\n', '')] })).toMatchObject({
    ending: 'truncated',
    error: { type: 'truncated' },
  })
})

test('records a rejected call with its error', async () => {
  const body = '{"error":{"message":"Slow down","type":"requests","code":"rate_limit_exceeded"}}'
  for (const headers of [json, eventStream, { ...json, 'content-encoding': 'gzip' }]) {
    const chunks = ['content-encoding' in headers ? gzipSync(body) : body]
    expect(await asyncRecordOfExchange({ status: 429, headers, chunks })).toMatchObject({
      ending: 'upstream_error',
      error: { type: 'rate_limit_exceeded', message: 'Slow down' },
      usage: { provenance: 'missing' },
    })
  }
})

test('records a call without a response', async () => {
  const error = { type: 'connect_failed', message: 'refused' }
  const record = await createCallObserver(aCall(), { content: 'full', maxBytes: 10 }).finish(
    { kind: 'no_response', error },
    7,
    0,
  )
  expect(record).toMatchObject({ ending: 'upstream_error', error, request: { bodyBytes: 7 } })
  expect(record.response).toEqual({ bodyBytes: 0 })
})

test('records JSON of an unknown shape verbatim, and text as text', () => {
  const call = { operation: 'relay' } as const
  expect(recordOfExchange({ headers: json, chunks: ['{"a":1}'] }).output).toEqual({
    kind: 'json',
    value: { a: 1 },
  })
  expect(
    recordOfExchange({ call, headers: { 'content-type': 'text/vtt' }, chunks: ['WEBVTT'] }).output,
  ).toEqual({
    kind: 'text',
    text: 'WEBVTT',
  })
})

test('has no output where the body is empty', () => {
  const call = { operation: 'relay' } as const
  expect(recordOfExchange({ call, status: 204, headers: json, chunks: [] }).output).toBeUndefined()
})

test('describes media by type, size and hash', () => {
  const sound = Buffer.alloc(5_000, 3)
  const exchange = { call: { operation: 'audio' }, headers: { 'content-type': 'audio/mpeg' } } as const
  expect(recordOfExchange({ ...exchange, chunks: [sound.subarray(0, 9), sound.subarray(9)] }).output).toEqual(
    {
      kind: 'media',
      mediaType: 'audio/mpeg',
      bytes: 5_000,
      sha256: createHash('sha256').update(sound).digest('hex'),
    },
  )
  const long = recordOfExchange({ ...exchange, chunks: [Buffer.alloc(2_000_000)] })
  expect(long.output).toEqual({ kind: 'media', mediaType: 'audio/mpeg', bytes: 2_000_000 })
})

test('counts bytes that it did not read', async () => {
  const long = JSON.stringify({ choices: [], padding: 'x'.repeat(2_000_000) })
  expect(recordOfExchange({ headers: json, chunks: [long] }).response.unseenBytes).toBe(long.length)
  const unknown = await asyncRecordOfExchange({
    headers: { ...json, 'content-encoding': 'compress' },
    chunks: ['abc'],
  })
  expect(unknown.response.unseenBytes).toBe(3)
})

test('reads the usage of a response that is too long to be parsed', () => {
  const data = Array.from({ length: 60_000 }, () => ({ embedding: [0.1, 0.2] }))
  const body = JSON.stringify({ data, model: 'embed-1', usage: { total_tokens: 9 } })
  const exchange = { call: { operation: 'embeddings' }, headers: json } as const
  for (const maxBytes of [1_048_576, body.length - 30]) {
    const record = recordOfExchange({
      ...exchange,
      capture: { maxBytes },
      chunks: [body.slice(0, 9), body.slice(9)],
    })
    expect(record).toMatchObject({
      response: { model: 'embed-1', unseenBytes: body.length },
      usage: { provenance: 'provider', total: 9 },
      ending: 'completed',
    })
    expect(record.output).toBeUndefined()
  }
})

test('keeps a response within the limit, and still reads its usage', () => {
  const capture = { maxBytes: 3 }
  const plain = JSON.stringify({ choices: [{ message: { content: 'Hello!' } }], usage: { total_tokens: 5 } })
  for (const [headers, body] of [
    [eventStream, hello],
    [json, plain],
  ] as const) {
    const { output, usage: counted } = recordOfExchange({ capture, headers, chunks: [body] })
    expect(output).toMatchObject({ choices: [{ content: 'Hel … [3 more characters]' }] })
    expect(counted).toMatchObject({ total: 5 })
  }
})

test('builds a record of any bytes under any headers', async () => {
  const header = fc.constantFrom('text/event-stream', 'application/json', 'text/html', 'image/png', '')
  const encoding = fc.constantFrom('', 'gzip', 'br', 'deflate', 'zstd', 'other')
  const operation = fc.constantFrom('chat', 'responses', 'messages', 'embeddings', 'rerank', 'relay' as const)
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(`data: {"choices":[{"delta":${text}}],"error":${text}}\n\n`)),
  )
  await fc.assert(
    fc.asyncProperty(
      header,
      encoding,
      operation,
      fc.array(bytes),
      fc.constantFrom(200, 500),
      async (type, coding, op, list, status) => {
        const record = await asyncRecordOfExchange({
          call: { operation: op as 'chat' },
          status,
          headers: { 'content-type': type, 'content-encoding': coding },
          chunks: list.map((one) => Buffer.from(one)),
        })
        expect(record.v).toBe(1)
      },
    ),
    { numRuns: 1_000 },
  )
})

test('skips and counts a line of 50 MB, and reads the events after it', () => {
  const piece = Buffer.alloc(1_000_000, 'x')
  const chunks = ['data: ', ...Array.from({ length: 50 }, () => piece), '\n\n', hello]
  expect(recordOfExchange({ chunks })).toMatchObject({
    output: helloOutput,
    response: { unseenBytes: 50_000_006 },
    stream: { events: 5 },
    ending: 'completed',
  })
})

test.each([
  ['an event', 'data: {"id":"late","model":"late","choices":[{"index":0,"delta":{"content":"no"}}]}\n\n'],
  ['an error event', 'event: error\ndata: {"error":{"message":"late","type":"late"}}\n\n'],
  [
    'usage',
    'data: {"choices":[],"usage":{"prompt_tokens":900,"completion_tokens":9,"total_tokens":909}}\n\n',
  ],
  ['a line without framing', '{"error":{"message":"late"}}\n\n'],
  ['another answer', hello.replaceAll('Hello', 'Bye')],
])('%s after [DONE] is not part of the response', (_, late) => {
  for (const how of ['whole', 'line', 'byte'] as const) {
    const record = recordOfExchange({ chunks: split(Buffer.from(hello + late), how) })
    expect(record).toMatchObject({
      output: helloOutput,
      usage: { total: 5 },
      response: { model: 'gpt-4o-2024-08-06', id: 'chatcmpl-1' },
      stream: { events: 4 },
      ending: 'completed',
    })
    expect(record.response.unseenBytes).toBeGreaterThan(20)
  }
})

test('the filters that refused a prompt are recorded with the error', () => {
  const innererror = {
    code: 'ResponsibleAIPolicyViolation',
    content_filter_result: { hate: { filtered: true } },
  }
  const body = { error: { code: 'content_filter', message: 'Refused', param: 'prompt', innererror } }
  const record = recordOfExchange({ status: 400, headers: json, chunks: [JSON.stringify(body)] })
  expect(record).toMatchObject({
    error: { type: 'content_filter', param: 'prompt' },
    response: { filters: [{ of: 'prompt', category: 'hate', filtered: true }] },
  })
})
