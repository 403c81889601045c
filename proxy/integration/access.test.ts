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
