import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { startProxy } from '../testing/running-proxy.ts'

const path = '/v1/chat/completions'
const page = { origin: 'https://evil.example', 'content-type': 'text/plain' }

async function start(env: Readonly<Record<string, string>>) {
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const proxy = await startProxy({ UPSTREAM_BASE_URL: `${upstream.origin}/v1`, ...env })
  onTestFinished(() => proxy.stop())
  const send = (headers: Readonly<Record<string, string>>, url = path, method = 'POST') =>
    fetch(`${proxy.origin}${url}`, { method, headers, body: method === 'POST' ? '{"model":"m"}' : null })
  const sentHeaders = () => upstream.requests.map(({ headers }) => headers)
  return { send, sentHeaders, proxy }
}

test('our own key is lent to applications, and not to a page in a browser', async () => {
  const { send, sentHeaders } = await start({ UPSTREAM_API_KEY: 'sk-ours' })
  expect((await send({})).status).toBe(200)
  const refused = await send(page)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({
    error: {
      code: 'foreign_page',
      type: 'permission_error',
      message: expect.stringContaining('ALLOWED_ORIGINS'),
    },
  })
  // With a key of its own a page spends nothing of ours.
  expect((await send({ ...page, authorization: 'Bearer sk-theirs' })).status).toBe(200)
  expect(sentHeaders().map(({ authorization }) => authorization)).toEqual([
    'Bearer sk-ours',
    'Bearer sk-theirs',
  ])
})

test("user, password and query of an upstream's URL are sent, shown to nobody, and not lent to a page", async () => {
  const upstream = await startFakeUpstream(answerJson({ error: { message: 'no' } }, 401))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const base = `${upstream.origin.replace('//', '//ada:pass%20word@')}/v1?key=hidden`
  const proxy = await startProxy({ UPSTREAM_BASE_URL: base, UPSTREAM_API_KEY: 'sk-ours' })
  onTestFinished(() => proxy.stop())
  const send = (query: string, headers: Readonly<Record<string, string>>) =>
    fetch(`${proxy.origin}${path}${query}`, { method: 'POST', headers, body: '{"model":"m"}' })
  const refused = await send('', { authorization: 'Bearer sk-of-the-sdk' })
  await send('?a=1', {})
  expect((await send('', { ...page, authorization: 'Bearer sk-theirs' })).status).toBe(403)

  const authorization = `Basic ${Buffer.from('ada:pass word').toString('base64')}`
  expect(upstream.requests).toMatchObject([
    { url: '/v1/chat/completions?key=hidden', headers: { authorization } },
    { url: '/v1/chat/completions?a=1&key=hidden', headers: { authorization } },
  ])
  const shown = [
    JSON.stringify(await proxy.record(2)),
    JSON.stringify(proxy.records[0]),
    await refused.text(),
  ]
  for (const text of [...shown, await proxy.registry.metrics()])
    expect(text).not.toMatch(/hidden|pass.?.?.?word/)
})

test('without a key of ours there is nothing to lend', async () => {
  const { send } = await start({})
  expect((await send(page)).status).toBe(200)
})

test('contexts are closed to pages, unless their origin is allowed', async () => {
  const { send } = await start({ ALLOWED_ORIGINS: 'https://app.example' })
  const context = '/_threadtap/contexts/lesson'
  expect((await send({ origin: 'https://evil.example' }, context, 'GET')).status).toBe(403)
  expect((await send({ origin: 'https://app.example' }, context, 'GET')).status).toBe(404)
  expect((await send({}, context, 'GET')).status).toBe(404)
})

test.each([
  [
    'a field of its own',
    { 'x-threadtap-token': 'tok', authorization: 'Bearer sk-theirs' },
    'Bearer sk-theirs',
  ],
  ['the place of a key', { authorization: 'Bearer tok' }, 'Bearer sk-ours'],
  ['the place of a key, in lower case', { authorization: 'bearer tok' }, 'Bearer sk-ours'],
  ['both', { 'x-threadtap-token': 'tok', authorization: 'Bearer tok' }, 'Bearer sk-ours'],
  ["the place of Anthropic's key", { 'x-api-key': 'tok' }, 'Bearer sk-ours'],
])('DATA_TOKEN is taken from %s, and goes no further', async (_, headers, authorization) => {
  const { send, sentHeaders, proxy } = await start({ DATA_TOKEN: 'tok', UPSTREAM_API_KEY: 'sk-ours' })
  expect((await send(headers)).status).toBe(200)
  const [sent] = sentHeaders()
  expect(sent?.authorization).toBe(authorization)
  expect(Object.values(sent ?? {}).join()).not.toContain('tok')
  expect(JSON.stringify(await proxy.record(1))).not.toContain('"tok"')
})

test('with DATA_TOKEN a path that only resembles ours is unknown, not unauthorized', async () => {
  const { send } = await start({ DATA_TOKEN: 'tok' })
  const headers = { 'x-threadtap-token': 'tok' }
  for (const path of ['/_threadtap/other', '/_threadtap/v1/models']) {
    const refused = await send(headers, path, 'GET')
    expect(refused.status).toBe(404)
    expect(await refused.json()).toMatchObject({ error: { code: expect.stringMatching(/^unknown_/) } })
  }
})

test.each([
  ['none', {}],
  ['another', { authorization: 'Bearer sk-theirs' }],
  ['a prefix', { 'x-threadtap-token': 'to' }],
])('with DATA_TOKEN set, a call that has %s is refused, as are contexts', async (_, headers) => {
  const { send, sentHeaders } = await start({ DATA_TOKEN: 'tok' })
  const refused = await send(headers)
  expect(refused.status).toBe(401)
  expect(await refused.json()).toMatchObject({ error: { code: 'data_token_missing' } })
  expect((await send(headers, '/_threadtap/contexts/lesson', 'GET')).status).toBe(401)
  expect(sentHeaders()).toEqual([])
})

const appPage = { origin: 'https://app.example' }
const preflight = {
  ...appPage,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'x-threadtap-token, content-type',
  'access-control-request-private-network': 'true',
}

test('the preflight requests of an allowed page are answered here, without token, key or upstream', async () => {
  const { send, sentHeaders } = await start({ ALLOWED_ORIGINS: appPage.origin, DATA_TOKEN: 'tok' })
  for (const url of [path, '/_threadtap/contexts/lesson']) {
    const response = await send(preflight, url, 'OPTIONS')
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': appPage.origin,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-threadtap-token, content-type',
      'access-control-allow-private-network': 'true',
      vary: 'Origin',
    })
  }
  expect(sentHeaders()).toEqual([])
  expect((await send({ ...preflight, ...page }, path, 'OPTIONS')).status).toBe(401)
})

test('an allowed page may read what it is answered, refusals and contexts included; another one may not', async () => {
  const { send } = await start({ ALLOWED_ORIGINS: appPage.origin, UPSTREAM_API_KEY: 'sk-ours' })
  const readers = async (headers: Readonly<Record<string, string>>, url: string, method: string) =>
    (await send(headers, url, method)).headers.get('access-control-allow-origin')
  for (const [url, method] of [
    [path, 'POST'],
    ['/nowhere/at/all', 'POST'],
    ['/_threadtap/contexts/lesson', 'GET'],
  ] as const) {
    expect(await readers(appPage, url, method)).toBe(appPage.origin)
    expect(await readers(page, url, method)).toBe(null)
    expect(await readers({}, url, method)).toBe(null)
  }
})

test('what the upstream itself lets pages read stays as it says', async () => {
  const upstream = await startFakeUpstream(answerJson({}, 200, { 'access-control-allow-origin': '*' }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const env = { UPSTREAM_BASE_URL: `${upstream.origin}/v1`, ALLOWED_ORIGINS: appPage.origin }
  const proxy = await startProxy(env)
  onTestFinished(() => proxy.stop())
  const response = await fetch(`${proxy.origin}${path}`, { method: 'POST', headers: appPage, body: '{}' })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

test("DATA_TOKEN is taken from a WebSocket's subprotocol, where browsers put keys", async () => {
  const { sentHeaders, proxy } = await start({ DATA_TOKEN: 'tok', UPSTREAM_API_KEY: 'sk-ours' })
  const open = (protocols: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...handshake, 'sec-websocket-protocol': protocols }
      const opened = request(`${proxy.origin}/v1/realtime`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      opened.on('error', reject).end()
    })
  expect(await open('realtime, openai-insecure-api-key.other')).toBe(401)
  expect(await open('realtime, openai-insecure-api-key.tok')).toBe(200)
  expect(sentHeaders()).toMatchObject([
    { 'sec-websocket-protocol': 'realtime', authorization: 'Bearer sk-ours' },
  ])
})

test("a page's own key in a subprotocol spends nothing of ours", async () => {
  const { sentHeaders, proxy } = await start({ UPSTREAM_API_KEY: 'sk-ours' })
  const protocols = 'realtime, openai-insecure-api-key.ek_theirs'
  const headers = { ...handshake, ...page, 'sec-websocket-protocol': protocols }
  await new Promise((resolve) => request(`${proxy.origin}/v1/realtime`, { headers }, resolve).end())
  expect(sentHeaders()[0]).toMatchObject({ 'sec-websocket-protocol': protocols })
  expect(sentHeaders()[0]?.authorization).toBeUndefined()
})

test('a request to contexts that there is none of is told what there is, and refusals of contexts are counted', async () => {
  const { send, proxy } = await start({})
  for (const [url, method] of [
    ['/_threadtap/contexts/lesson', 'POST'],
    ['/_threadtap/contexts/', 'GET'],
  ] as const) {
    const refused = await send({}, url, method)
    expect(refused.status).toBe(404)
    expect(await refused.text()).toContain('with PUT')
  }
  await send({}, '/_threadtap/contexts/lesson', 'GET')
  const metrics = await proxy.registry.metrics()
  expect(metrics).toContain('threadtap_refused_requests_total{reason="unknown_context"} 1')
  expect(metrics).toContain('threadtap_refused_requests_total{reason="unknown_path"} 2')
  expect(metrics).not.toContain('reason="upstream_')
})

test.each([
  ['an empty Host', 'Host: \r\n', 404, 'unknown_context'],
  ['an address that URL writes otherwise', 'Host: [::ffff:127.0.0.1]\r\n', 404, 'unknown_context'],
  ['no Host', '', 400, 'ambiguous_request'],
  ['a Host that is none', 'Host: a@b\r\n', 400, 'ambiguous_request'],
])('%s is answered in the shape of an API, also by contexts', async (_, host, status, code) => {
  const { proxy } = await start({})
  const socket = connect(Number(new URL(proxy.origin).port), '127.0.0.1')
  socket.write(`GET /_threadtap/contexts/lesson HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)
  const response = (await socket.toArray()).join('')
  expect(response).toContain(`HTTP/1.1 ${status}`)
  expect(response).toContain(`"code":"${code}"`)
})
