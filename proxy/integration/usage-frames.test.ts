import { buffer, text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { encodings } from '../../shared/testing/encoded.ts'
import type { Answer } from '../../shared/testing/fake-upstream.ts'
import { readReported, reportedMissing } from '../../shared/testing/reported.ts'
import { split } from '../../shared/testing/split.ts'
import { codingOf } from '../content-codings/codings.ts'
import { connectTo, lend, sendRequest } from '../testing/lend.ts'

const usage = '"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}'
const content =
  'data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\n'
const done = 'data: [DONE]\n\n'

/** Responds with a stream: in one piece and of a known length, or in two. */
const streamAs =
  (contentType: string | undefined, stream: string, hasLength = false): Answer =>
  (_request, outgoing) => {
    if (contentType !== undefined) outgoing.setHeader('content-type', contentType)
    if (hasLength) return void outgoing.end(stream)
    outgoing.write(stream.slice(0, 3))
    outgoing.end(stream.slice(3))
  }

const asking = '{"model":"m","stream":true}'

async function relayedBytes(answer: Answer) {
  const { proxy } = await lend(answer)
  const response = await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, asking)
  return { received: await buffer(response), headers: response.headers }
}

async function relayed(answer: Answer, body = '{"model":"m","stream":true}') {
  const { proxy } = await lend(answer)
  const response = await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, body)
  return { received: await text(response), headers: response.headers, record: await proxy.record(1) }
}

test.each([
  ['empty choices', `{"choices":[],${usage}}`],
  ['choices that are null', `{"choices":null,${usage}}`],
  ['no choices', `{"object":"chat.completion.chunk",${usage}}`],
  ['times of the vendor’s own', `{"choices":[],${usage},"time_info":{"queue_time":0.1}}`],
  ['keys that nobody knows', `{"choices":[],${usage},"vendor":{"a":[1]},"cost":"0.1","flag":true}`],
  ['empty citations', `{"choices":[],${usage},"citations":[],"error":null}`],
  ['empty objects', `{"choices":{},${usage},"error":{},"message":{}}`],
  [
    'no choices and keys of the vendor’s own',
    `{"type":"usage","id":"x",${usage},"vendor":{"name":"y"},"cost":"0.1"}`,
  ],
  ['no choices and another object', `{"object":"chat.usage",${usage},"latency_ms":7}`],
  ['an event name', `{${usage},"gateway":"a b c"}\nevent: usage`],
  ['a code that says that all went well', `{"code":0,"message":"Success","choices":[],${usage}}`],
  ['another', `{"choices":null,${usage},"base_resp":{"status_code":0,"status_msg":""}}`],
])(
  'a usage frame with %s is recorded, and does not reach a client that did not ask',
  async (_what, frame) => {
    const stream = `${content}data: ${frame}\n\n${done}`
    const { received, record } = await relayed(streamAs('text/event-stream', stream))
    expect(received).toBe(content + done)
    expect(record.usage).toMatchObject({ provenance: 'provider', input: 9, output: 2, total: 11 })
  },
)

test('a frame of an unknown dialect that has usage beside its text reaches the client', async () => {
  const stream = `data: {"type":"piece","value":"Hello",${usage}}\n\ndata: {"type":"end",${usage}}\n\n`
  expect((await relayed(streamAs('text/event-stream', stream))).received).toBe(stream)
})

test('usage in several frames is hidden in all of them', async () => {
  const frame = `data: {"choices":[],${usage}}\n\n`
  const { received } = await relayed(
    streamAs('text/event-stream', `${frame}${content}${frame}${frame}${done}`),
  )
  expect(received).toBe(content + done)
})

test.each([
  `{"choices":[],"x_groq":{"id":"r",${usage}}}`,
  `{"choices":null,"metadata":{"seconds":1,${usage}},"usage":null}`,
])(
  'a frame without a choice that has its usage in an object of the vendor’s, %s, is hidden',
  async (frame) => {
    const stream = `${content}data: ${frame}\n\n${done}`
    expect((await relayed(streamAs('text/event-stream', stream))).received).toBe(content + done)
  },
)

test.each([
  `{${usage}}`,
  `{${usage},"id":"x","model":"m"}`,
  `{${usage},"timing":{"ms":12.5,"cached":false},"cost":0.1,"done":true,"error":null}`,
])('a frame without `choices` before all others, %s, is hidden where it has no words', async (frame) => {
  const stream = `data: ${frame}\n\n${content}${done}`
  expect((await relayed(streamAs('text/event-stream', stream))).received).toBe(content + done)
})

test.each([
  ['sources', '"citations":["https://example.com"]'],
  ['an error', '"error":{"message":"overloaded"}'],
  ['an error of another vendor', '"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}'],
  ['a code', '"code":429,"message":"slow down"'],
  ['a text', '"answer":"42"'],
  ['what a filter found', '"prompt_filter_results":[{"prompt_index":0}]'],
  ['tools that ran', '"executed_tools":[{"type":"search"}]'],
])('a usage frame that also has %s reaches the client', async (_what, key) => {
  const stream = `${content}data: {"choices":[],${usage},${key}}\n\n${done}`
  expect((await relayed(streamAs('text/event-stream', stream))).received).toBe(stream)
})

describe('an event stream under another content type', () => {
  const stream = `${content}data: {"choices":[],${usage}}\n\n${done}`

  test.each([
    ['application/json', false],
    ['application/json', true],
    ['text/plain; charset=utf-8', false],
    [undefined, false],
  ])('loses its usage frame, too (%s, of known length: %s)', async (contentType, hasLength) => {
    const { received, headers, record } = await relayed(streamAs(contentType, stream, hasLength))
    expect(received).toBe(content + done)
    expect(headers['content-type']).toBe(contentType)
    expect(record.usage).toMatchObject({ provenance: 'provider', total: 11 })
  })

  const compressed = Object.entries(encodings)
    .filter(([, { coding }]) => codingOf(coding) !== undefined)
    .flatMap(([name, { coding, encode }]) =>
      ['application/json', 'text/plain', 'application/octet-stream', undefined].map(
        (contentType) => [name, contentType, coding, encode] as const,
      ),
    )

  test.each(compressed)(
    'loses it in %s too (%s), however it is chunked, and arrives decoded',
    async (_name, contentType, coding, encode) => {
      const { upstream, proxy } = await lend()
      for (const [at, how] of (['whole', 'byte', { seed: 3 }] as const).entries()) {
        upstream.answer = async (_request, outgoing) => {
          if (contentType !== undefined) outgoing.setHeader('content-type', contentType)
          outgoing.setHeader('content-encoding', coding)
          for (const part of split(encode(Buffer.from(stream)), how)) {
            outgoing.write(part)
            await new Promise(setImmediate)
          }
          outgoing.end()
        }
        const response = await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, asking)
        expect([response.headers['content-type'], response.headers['content-encoding']]).toEqual([
          contentType,
          undefined,
        ])
        expect(await text(response)).toBe(content + done)
        const record = await proxy.record(at + 1)
        expect(record).toMatchObject({
          ending: 'completed',
          usage: { provenance: 'provider', total: 11 },
          output: { choices: [{ content: 'Hello', finishReason: 'stop' }] },
        })
      }
    },
  )

  test.each(compressed)(
    'what is no event stream in %s (%s) keeps its bytes, its coding and its length',
    async (_name, contentType, coding, encode) => {
      const sent = encode(
        Buffer.from(`{"choices":[{"message":{"content":"${'hi'.repeat(50_000)}"}}],${usage}}`),
      )
      const { received, headers } = await relayedBytes((_request, outgoing) => {
        if (contentType !== undefined) outgoing.setHeader('content-type', contentType)
        outgoing.writeHead(200, { 'content-encoding': coding, 'content-length': sent.length })
        outgoing.end(sent)
      })
      expect(headers).toMatchObject({ 'content-encoding': coding, 'content-length': String(sent.length) })
      expect(received.equals(sent)).toBe(true)
    },
  )

  test('what is not in its coding reaches the client as it is', async () => {
    const { received, headers } = await relayedBytes((_request, outgoing) => {
      outgoing.writeHead(200, {
        'content-type': 'text/plain',
        'content-encoding': 'gzip',
        'content-length': 6,
      })
      outgoing.end('so not')
    })
    expect([received.toString(), headers['content-encoding']]).toEqual(['so not', 'gzip'])
  })

  test.each([
    ['line ends', '\n', '\n'],
    ['a byte order mark', '\xef', '\xbb\xbf'],
    ['fields that the format does not define', 'x-request', '-id: 7\n\n'],
    ['a field name in two pieces', 'da', ''],
  ])('loses its usage frame where it begins with %s', async (_what, first, second) => {
    const whole = first === 'da' ? stream : `${first}${second}${stream}`
    const { received } = await relayedBytes(async (_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      for (const part of [whole.slice(0, first.length), whole.slice(first.length)]) {
        outgoing.write(Buffer.from(part, 'latin1'))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      outgoing.end()
    })
    expect(received.toString('latin1')).toBe(whole.replace(/data: \{"choices":\[\].*\n\n/, ''))
  })

  test('loses its usage frame under any status of success', async () => {
    const { received } = await relayedBytes((_request, outgoing) => {
      outgoing.writeHead(201, { 'content-type': 'application/json' })
      outgoing.end(stream)
    })
    expect(received.toString()).toBe(content + done)
  })

  test('a client that leaves while the body is not yet known is recorded, and nothing breaks', async () => {
    const { upstream, proxy } = await lend((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
      // The head of a gzip stream: nothing can be decoded yet.
      outgoing.write(encodings.gzip.encode(Buffer.from(stream)).subarray(0, 5))
    })
    const client = connectTo(proxy.origin)
    client.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: ${asking.length}\r\n\r\n${asking}`,
    )
    while (upstream.requests.length === 0) await new Promise(setImmediate)
    client.destroy()
    expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })
    expect((await sendRequest(`${proxy.baseUrl}/models`)).statusCode).toBe(200)
  })

  test('a long one is recorded whole', async () => {
    const words = Array.from(
      { length: 30_000 },
      (_, at) => `data: {"id":"c","choices":[{"index":0,"delta":{"content":"word ${at} "}}]}\n\n`,
    ).join('')
    const { record } = await relayed(streamAs('application/json', words + stream))
    expect(record).toMatchObject({ ending: 'completed', usage: { provenance: 'provider', total: 11 } })
    expect(record.stream?.events).toBe(30_002)
  })

  test('what is no event stream keeps its bytes and its length', async () => {
    const body = `{"choices":[{"message":{"content":"hi"}}],${usage}}`
    const { received, headers } = await relayed(streamAs('application/json', body, true))
    expect([received, headers['content-length']]).toEqual([body, String(body.length)])
  })

  test('a body that never begins, or breaks off at once, ends as it did', async () => {
    expect((await relayed(streamAs('application/json', '', true))).headers['content-length']).toBe('0')
    const broken = relayed((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders()
      setImmediate(() => outgoing.destroy())
    })
    await expect(broken).rejects.toThrow('aborted')
  })
})

test.skipIf(reportedMissing !== undefined).each([
  ['01-usage-frame-choices-null', 'c-null', 'text/event-stream'],
  ['02-usage-frame-vendor-keys', 'u-cerebras', 'text/event-stream'],
  ['02-usage-frame-vendor-keys', 'u-gittensor', 'text/event-stream'],
  ['04-mislabelled-stream-keeps-usage-frame', 'ml-json', 'application/json'],
  ['04-mislabelled-stream-keeps-usage-frame', 'ml-plain', 'text/plain; charset=utf-8'],
])('reported: %s/%s', async (folder, name, contentType) => {
  const [stream, body] = [`${name}.stream.sse`, `${name}.request.json`].map((file) =>
    readReported(folder, file).toString(),
  ) as [string, string]
  const { received, record } = await relayed(streamAs(contentType, stream), body)
  expect(received).toBe(
    stream
      .split(/(?<=\n\n)/)
      .filter((event) => !event.includes('"usage"'))
      .join(''),
  )
  expect(record.usage).toMatchObject({ provenance: 'provider', input: 9, output: 2, total: 11 })
})
