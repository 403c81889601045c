import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { answerJson, answerStream } from '../../shared/testing/fake-upstream.ts'
import { lend, sendRequest } from '../testing/lend.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test('bodies and headers pass through both ways, except connection-specific fields and our own tags', async () => {
  const sent = randomBytes(300_000)
  const received = randomBytes(300_000)
  const { upstream, proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(201, 'Made', [
      'X-One',
      '1',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Keep-Alive',
      'timeout=9',
    ])
    outgoing.end(received)
  })
  const incoming = await sendRequest(
    `${proxy.baseUrl}/files?purpose=x%20y`,
    {
      method: 'POST',
      headers: {
        'X-Custom': 'Kept',
        'content-type': 'application/octet-stream',
        'x-thread-id': 't',
        'x-tags': 'a',
        Connection: 'close, X-Hop',
        'X-Hop': 'gone',
        'Proxy-Authorization': 'gone',
      },
    },
    sent,
  )
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  expect(sha256(Buffer.concat(chunks))).toBe(sha256(received))
  expect([incoming.statusCode, incoming.statusMessage]).toEqual([201, 'Made'])
  expect(incoming.headers).toMatchObject({ 'x-one': '1', 'set-cookie': ['a=1', 'b=2'], 'x-thread-id': 't' })
  expect(incoming.headers['x-call-id']).toMatch(/^[0-9a-f]{32}$/)

  const [request] = upstream.requests
  expect(request).toMatchObject({ method: 'POST', url: '/v1/files?purpose=x%20y' })
  expect(sha256(request?.body ?? Buffer.alloc(0))).toBe(sha256(sent))
  expect(request?.rawHeaders).toEqual(expect.arrayContaining(['X-Custom', 'Kept']))
  for (const gone of ['x-thread-id', 'x-tags', 'x-hop', 'proxy-authorization']) {
    expect(request?.headers).not.toHaveProperty(gone)
  }
  expect(request?.headers.host).toBe(new URL(upstream.origin).host)
})

test.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('%s answered with %d has no body and ends', async (method, status) => {
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(status, { etag: '"x"' }).end()
  })
  const incoming = await sendRequest(`${proxy.baseUrl}/models`, { method })
  expect(await text(incoming)).toBe('')
  expect([incoming.statusCode, incoming.headers.etag]).toEqual([status, '"x"'])
})

test('a chunk of a stream reaches the client before the upstream has sent the next', async () => {
  let goOn: () => void = () => undefined
  const { proxy } = await lend(async (_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write('data: {"first":1}\n\n')
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
    outgoing.end('data: [DONE]\n\n')
  })
  const incoming = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST' },
    '{"stream":true}',
  )
  const [first] = await once(incoming, 'data')
  expect(String(first)).toBe('data: {"first":1}\n\n')
  goOn()
  const [second] = await once(incoming, 'data')
  expect(String(second)).toBe('data: [DONE]\n\n')
})

test('the upstream is paused while the client does not read', async () => {
  const total = 256 * 1024 * 1024
  const block = randomBytes(1024 * 1024)
  let written = 0
  const { proxy } = await lend(async (_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/octet-stream' })
    while (written < total && !outgoing.destroyed) {
      written += block.length
      if (!outgoing.write(block)) await once(outgoing, 'drain')
    }
    outgoing.end()
  })
  const incoming = await sendRequest(`${proxy.baseUrl}/files/f/content`)
  // The only sign that a writer is blocked is that its count stands still.
  for (let still = 0, seen = -1; still < 10; still = written === seen ? still + 1 : 0) {
    seen = written
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(written).toBeLessThan(total / 4)
  let read = 0
  for await (const chunk of incoming) read += (chunk as Buffer).length
  expect(read).toBe(total)
})

test('a client that closes aborts the upstream request, and the part received is recorded', async () => {
  const { upstream, proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(
      'data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"half"}}]}\n\n',
    )
  })
  const aborted = upstream.nextAbort()
  const incoming = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST' },
    '{"stream":true,"model":"m"}',
  )
  await once(incoming, 'data')
  incoming.destroy()
  await aborted
  const record = await proxy.record(1)
  expect(record).toMatchObject({ ending: 'client_closed', output: { choices: [{ content: 'half' }] } })
})

test('a client that closes before any response aborts the upstream request too', async () => {
  const { upstream, proxy } = await lend(() => undefined)
  const aborted = upstream.nextAbort()
  const outgoing = httpRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST', agent: false }).end(
    '{"model":"m"}',
  )
  outgoing.on('error', () => undefined)
  while (upstream.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
  outgoing.destroy()
  await aborted
  expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })
})

test('an upstream that closes within a stream breaks the client connection, and the part received is recorded', async () => {
  const { proxy } = await lend((_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write('data: {"id":"c","choices":[{"index":0,"delta":{"content":"half"}}]}\n\n', () =>
      outgoing.destroy(),
    )
  })
  const incoming = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST' },
    '{"stream":true,"model":"m"}',
  )
  await expect(text(incoming)).rejects.toThrow('aborted')
  expect(await proxy.record(1)).toMatchObject({
    ending: 'upstream_closed',
    error: { type: 'upstream_closed' },
    output: { choices: [{ content: 'half' }] },
  })
})

test('an upstream that fails while a large body is being sent becomes an error in OpenAI shape', async () => {
  const { proxy, upstream } = await lend()
  await upstream[Symbol.asyncDispose]()
  const incoming = await sendRequest(
    `${proxy.baseUrl}/files`,
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' } },
    randomBytes(200_000),
  )
  expect(incoming.statusCode).toBe(502)
  expect(JSON.parse(await text(incoming))).toMatchObject({
    error: { code: 'upstream_unreachable', type: 'api_connection_error', param: null },
  })
  expect(await proxy.record(1)).toMatchObject({
    ending: 'upstream_error',
    error: { type: 'upstream_unreachable' },
  })
})

test('an upstream that is silent for too long becomes a 504', async () => {
  const { proxy } = await lend(() => undefined, { UPSTREAM_TIMEOUT: '1' })
  const incoming = await sendRequest(`${proxy.baseUrl}/chat/completions`, { method: 'POST' }, '{"model":"m"}')
  expect(incoming.statusCode).toBe(504)
  expect(JSON.parse(await text(incoming))).toMatchObject({ error: { code: 'upstream_timeout' } })
  expect(await proxy.record(1)).toMatchObject({ ending: 'timed_out' })
})

test('UPSTREAM_API_KEY is used only where the client sends no credentials', async () => {
  const { upstream, proxy } = await lend(answerJson({}), { UPSTREAM_API_KEY: 'sk-ours' })
  await sendRequest(`${proxy.baseUrl}/models`)
  await sendRequest(`${proxy.baseUrl}/models`, { headers: { authorization: 'Bearer sk-client' } })
  await sendRequest(`${proxy.baseUrl}/models`, { headers: { 'api-key': 'azure' } })
  expect(upstream.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer sk-ours',
    'Bearer sk-client',
    undefined,
  ])
})

test('a compressed stream with injected usage arrives decoded, without the frame', async () => {
  const frames = [
    'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n',
    'data: {"choices":[],"usage":{"total_tokens":3}}\n\n',
    'data: [DONE]\n\n',
  ]
  const { upstream, proxy } = await lend(
    answerStream([gzipSync(frames.join(''))], { 'content-encoding': 'gzip' }),
  )
  const incoming = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST', headers: { 'accept-encoding': 'gzip, compress' } },
    '{"stream":true}',
  )
  expect(incoming.headers).not.toHaveProperty('content-encoding')
  expect(await text(incoming)).toBe(`${frames[0]}${frames[2]}`)
  expect(upstream.requests[0]?.headers['accept-encoding']).toBe('gzip')
  expect(await proxy.record(1)).toMatchObject({ usage: { provenance: 'provider', total: 3 } })
})

test('stopping lets a stream in flight finish, serves what else its client asks meanwhile, and then takes nothing more', async () => {
  let finish: () => void = () => undefined
  const { proxy } = await lend(async (request, outgoing) => {
    if (request.method === 'GET') return void outgoing.end('{}')
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write('data: 1\n\n')
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    outgoing.end('data: [DONE]\n\n')
  })
  const incoming = await sendRequest(
    `${proxy.baseUrl}/chat/completions`,
    { method: 'POST' },
    '{"stream":true}',
  )
  await once(incoming, 'data')
  const stopped = proxy.stop(30_000)
  const meanwhile = await sendRequest(`${proxy.baseUrl}/models`)
  expect([meanwhile.headers.connection, await text(meanwhile)]).toEqual(['close', '{}'])
  finish()
  expect(await text(incoming)).toBe('data: [DONE]\n\n')
  await stopped
  expect(proxy.records).toHaveLength(2)
  await expect(sendRequest(`${proxy.baseUrl}/models`)).rejects.toThrow('ECONNREFUSED')
})
