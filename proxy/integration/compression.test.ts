import { buffer, text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodings } from '../../shared/testing/encoded.ts'
import { answerJson, answerStream, chatEvents } from '../../shared/testing/fake-upstream.ts'
import { split } from '../../shared/testing/split.ts'
import { codingOf } from '../content-codings/codings.ts'
import { lend, sendRequest } from '../testing/lend.ts'

const events = chatEvents(['hé', 'llo'], { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 })
const whole = Buffer.from(events.join(''))
const withoutUsage = events.filter((event) => !event.includes('total_tokens')).join('')
const every = Object.entries(encodings).map(([name, { coding, encode }]) => [name, coding, encode] as const)
const decodable = every.filter(([, coding]) => codingOf(coding) !== undefined)

const chat = (baseUrl: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  sendRequest(`${baseUrl}/chat/completions`, { method: 'POST', headers }, body)

test.each(every)(
  'a stream in %s whose client asked for usage passes through unchanged',
  async (_name, coding, encode) => {
    const sent = encode(whole)
    const { proxy } = await lend(answerStream(split(sent, { seed: 5 }), { 'content-encoding': coding }))
    const incoming = await chat(proxy.baseUrl, '{"stream":true,"stream_options":{"include_usage":true}}')
    expect(incoming.headers['content-encoding']).toBe(coding)
    expect((await buffer(incoming)).equals(sent)).toBe(true)
  },
)

test.each(every)('a response in %s with a length keeps both', async (_name, coding, encode) => {
  const sent = encode(Buffer.from('{"choices":[{"message":{"content":"hi"}}]}'))
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': coding,
      'content-length': sent.length,
    })
    outgoing.end(sent)
  })
  const incoming = await chat(proxy.baseUrl, '{}')
  expect(incoming.headers).toMatchObject({
    'content-encoding': coding,
    'content-length': String(sent.length),
  })
  expect((await buffer(incoming)).equals(sent)).toBe(true)
})

test.each(decodable)(
  'a stream in %s with injected usage arrives decoded, without the frame, however it is chunked',
  async (_name, coding, encode) => {
    const { upstream, proxy } = await lend()
    for (const how of ['whole', 'byte', { seed: 1 }] as const) {
      upstream.answer = answerStream(split(encode(whole), how), { 'content-encoding': coding })
      const incoming = await chat(proxy.baseUrl, '{"stream":true}')
      expect(incoming.headers).not.toHaveProperty('content-encoding')
      expect(await text(incoming)).toBe(withoutUsage)
    }
    expect(await proxy.registry.metrics()).toContain('threadtap_usage_frames_total{outcome="cut"} 3')
  },
)

test.each(decodable)(
  'a stream in %s with bytes after its end ends with the upstream response, without those bytes',
  async (_name, coding, encode) => {
    let end: () => void = () => undefined
    const { proxy } = await lend((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding })
      outgoing.write(Buffer.concat([encode(whole), Buffer.alloc(10)]))
      end = () => outgoing.end('\0')
    })
    const incoming = await chat(proxy.baseUrl, '{"stream":true}')
    let got = ''
    for await (const part of incoming.setEncoding('utf8')) {
      got += part
      // The decoder emits its end in the same turn of the event loop.
      if (got === withoutUsage) setImmediate(end)
    }
    expect(got).toBe(withoutUsage)
    expect(await proxy.record(1)).toMatchObject({ ending: 'completed', usage: { total: 3 } })
  },
)

test.each(['compress', 'constructor', 'gzip, br'])(
  'a stream in %s, which we cannot decode, passes through unchanged',
  async (coding) => {
    const { proxy } = await lend(answerStream([whole], { 'content-encoding': coding }))
    const incoming = await chat(proxy.baseUrl, '{"stream":true}')
    expect(incoming.headers['content-encoding']).toBe(coding)
    expect((await buffer(incoming)).equals(whole)).toBe(true)
  },
)

test.each([
  ['gzip, compress', 'gzip'],
  ['dcb', 'identity'],
  ['gzip, deflate, br', 'gzip, deflate, br'],
  [undefined, undefined],
])('with injected usage, the accept-encoding %s of a client becomes %s', async (accepts, asked) => {
  const { upstream, proxy } = await lend(answerStream(events))
  await text(
    await chat(proxy.baseUrl, '{"stream":true}', accepts === undefined ? {} : { 'accept-encoding': accepts }),
  )
  await text(await chat(proxy.baseUrl, '{"stream":false}', { 'accept-encoding': 'dcb' }))
  expect(upstream.requests.map(({ headers }) => headers['accept-encoding'])).toEqual([asked, 'dcb'])
})

test('a stream that is not in its content-encoding breaks the client connection, and the record has the reason', async () => {
  const { proxy } = await lend(
    answerStream(['this is not gzip at all'], {
      'content-encoding': 'gzip',
    }),
  )
  await expect(chat(proxy.baseUrl, '{"stream":true}').then(text)).rejects.toThrow('aborted')
  expect(await proxy.record(1)).toMatchObject({
    ending: 'upstream_closed',
    error: { type: 'upstream_protocol_error' },
  })
})

test('stopping waits for the record of a response that is still being decoded', async () => {
  const answer = encodings.gzip.encode(Buffer.from(JSON.stringify({ model: 'm', text: 'x'.repeat(900_000) })))
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    outgoing.end(answer)
  })
  await buffer(await chat(proxy.baseUrl, '{}'))
  await proxy.stop()
  expect(proxy.records).toMatchObject([{ ending: 'completed', output: { kind: 'json' } }])
})

const question =
  '{ "model": "m",\n"stream": true, "metadata": {"thread_id": "t7"}, "seed": 15092511270073158000, "messages": [{"role":"user","content":"hi"}] }'

test.each(decodable)(
  'a request body in %s reaches the upstream unchanged, and is decoded for its record',
  async (_name, coding, encode) => {
    const sent = encode(Buffer.from(question))
    const { upstream, proxy } = await lend(answerStream(events))
    const incoming = await chat(proxy.baseUrl, sent, { 'content-encoding': coding })
    expect(incoming.headers['x-thread-id']).toBe('t7')
    expect((await buffer(incoming)).equals(whole)).toBe(true)
    expect(upstream.requests[0]?.body.equals(sent)).toBe(true)
    expect(upstream.requests[0]?.headers).toMatchObject({
      'content-encoding': coding,
      'content-length': String(sent.length),
    })
    expect(await proxy.record(1)).toMatchObject({
      request: { model: 'm', stream: true, bodyBytes: sent.length },
      context: { threadId: 't7' },
      input: [{ role: 'user', content: 'hi' }],
    })
  },
)

test.each([
  ['decodes to too many bytes', gzipSync(Buffer.alloc(50_000_000, ' '))],
  ['is not in its content-encoding', Buffer.from(question)],
])('a compressed request body that %s is forwarded unread', async (_what, sent) => {
  const { upstream, proxy } = await lend(answerJson({}))
  const incoming = await chat(proxy.baseUrl, sent, { 'content-encoding': 'gzip' })
  expect(incoming.statusCode).toBe(200)
  expect(upstream.requests[0]?.body.equals(sent)).toBe(true)
  const record = await proxy.record(1)
  expect(record.request).toMatchObject({ bodyBytes: sent.length })
  expect(record).not.toHaveProperty('input')
})
