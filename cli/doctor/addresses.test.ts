import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { selfSigned } from '../../shared/testing/self-signed.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { DeadlineExceeded } from '../../shared/timing/deadline.ts'
import { noAdmin, runningAdmin } from '../testing/running-admin.ts'
import { doctor } from './doctor.ts'
import { explainFailure } from './reach/explain.ts'

const page: Answer = (_request, outgoing) => {
  outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>')
}
const refusal = answerJson({ error: { message: 'you must provide a model parameter' } }, 400)
const missing = answerJson({ error: 'not found' }, 404)

/** @param routes answers by method and path; `*` answers the rest */
async function server(routes: Readonly<Record<string, Answer>>): Promise<string> {
  const fake = await startFakeUpstream((request, outgoing) => {
    const answer = routes[`${request.method} ${request.url}`] ?? routes['*'] ?? missing
    return answer(request, outgoing)
  })
  onTestFinished(() => fake[Symbol.asyncDispose]())
  return fake.origin
}

/** What the doctor finds of one thing: its state, and the line of what to type. */
async function findingOf(name: string, env: Record<string, string>, timeoutMs = 5_000) {
  const working = {
    ...{ DATA_DIR: tempDir(), PORT: '0', ...(await noAdmin()) },
    UPSTREAM_BASE_URL: `${await server({ '*': answerJson({}, 401) })}/v1`,
  }
  const { text } = await doctor({ env: { ...working, ...env }, json: true, timeoutMs, width: 80 })
  const { findings } = JSON.parse(text) as {
    findings: { name: string; state: string; summary: string; remedy?: string }[]
  }
  return findings.find((finding) => finding.name === name)
}

const upstream = (UPSTREAM_BASE_URL: string, timeoutMs?: number) =>
  findingOf('upstream default', { UPSTREAM_BASE_URL }, timeoutMs)

test.each([
  ['a web page', page],
  ['404', missing],
])('a base URL without /v1 that answers %s is told where to', async (_what, rest) => {
  const origin = await server({ 'GET /llm/v1/models': answerJson({ data: [] }), '*': rest })
  expect(await upstream(`${origin}/llm`)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('/v1 is missing'),
    remedy: `UPSTREAM_BASE_URL=${origin}/llm/v1`,
  })
})

test('a forgotten /v1 is found where there is no list of models either', async () => {
  const origin = await server({ 'POST /llm/v1/chat/completions': refusal })
  const remedy = `UPSTREAM_BASE_URL=${origin}/llm/v1`
  expect(await upstream(`${origin}/llm`)).toMatchObject({ state: 'not ok', remedy })
})

test.each([
  ['refuses an empty call', refusal],
  ['knows no such model', answerJson({ error: { message: 'model not found' } }, 404)],
  ['asks for a key', answerJson({}, 401)],
])('a local model without a list of models that %s is fine', async (_what, calls) => {
  const origin = await server({ 'POST /v1/chat/completions': calls })
  expect(await upstream(`${origin}/v1`)).toMatchObject({
    state: 'ok',
    summary: expect.stringMatching(/no list of models/),
  })
})

test("a server of Anthropic's API without a list of models is fine", async () => {
  const origin = await server({ 'POST /v1/messages': refusal })
  expect(await upstream(`${origin}/v1`)).toMatchObject({ state: 'ok' })
})

const greeting: Answer = (_request, outgoing) => void outgoing.end('hello')

test.each([
  ['pages', page],
  ['404', missing],
  ['greetings', greeting],
  ['JSON that is no list of models', answerJson({ status: 'ok' })],
])('a server of nothing but %s is no model API', async (_what, rest) => {
  expect(await upstream(`${await server({ '*': rest })}/v1`)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('this is no model API'),
    remedy: 'UPSTREAM_BASE_URL=<the right address>',
  })
})

test.each(['chat/completions', 'completions', 'responses', 'embeddings', 'messages'])(
  'a base URL that ends in /%s is an endpoint',
  async (path) => {
    const UPSTREAM_BASE_URL = `https://api.example.com/v1/${path}`
    expect(await findingOf('setting', { UPSTREAM_BASE_URL })).toMatchObject({
      state: 'not ok',
      summary: expect.stringContaining(`a base URL, without /${path}: https://api.example.com/v1`),
      remedy: 'UPSTREAM_BASE_URL=https://api.example.com/v1',
    })
  },
)

test.each([
  ['/v1/models', '/v1'],
  ['/v1/chat', '/v1'],
  ['/v1/v2/beta', '/v1'],
  ['', '/api/v1'],
  ['', '/.'],
])('of a base URL that ends in %j the right one, %s, is found', async (wrong, right) => {
  const root = right.replace('/.', '')
  const origin = await server({ [`GET ${root}/models`]: answerJson({ data: [] }), '*': page })
  expect(await upstream(`${origin}${wrong}`)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining(`a model API is at ${origin}${right}`),
    remedy: `UPSTREAM_BASE_URL=${origin}${right}`,
  })
})

test.each([
  [{ UPSTREAM_BASE_URL: '127.0.0.1:8000' }, 'UPSTREAM_BASE_URL=http://127.0.0.1:8000'],
  [{ UPSTREAM_BASE_URL: 'localhost:8000/v1' }, 'UPSTREAM_BASE_URL=http://localhost:8000/v1'],
  [{ OTLP_ENDPOINT: 'otel.example.com/v1/traces' }, 'OTLP_ENDPOINT=https://otel.example.com/v1/traces'],
  [{ UPSTREAMS: 'a=vllm:8000' }, 'UPSTREAMS=a=http://vllm:8000,...'],
  [
    { UPSTREAM_BASE_URL: 'ftp://example.com' },
    'UPSTREAM_BASE_URL=<a URL that starts with http:// or https://>',
  ],
  [{ PORT: '80x' }, 'PORT=<a whole number from 0 to 65535>'],
  [{ ADMIN_PORT: '4010', PORT: '4010' }, 'ADMIN_PORT=<value>, as docs/settings.md says'],
])('of %j it says what to type', async (env, remedy) => {
  expect(await findingOf('setting', env)).toMatchObject({ state: 'not ok', remedy })
})

test('a redirect that comes with a page is one all the same', async () => {
  const to =
    (location: string): Answer =>
    (_request, outgoing) =>
      void outgoing.writeHead(301, { location, 'content-type': 'text/html' }).end('<html>moved</html>')
  const origin = await server({ '*': to('/llm/v1/models') })
  expect(await upstream(`${origin}/v1`)).toMatchObject({
    summary: `${origin}/v1 redirects (301) to ${origin}/llm/v1/models, which clients do not follow with a call`,
    remedy: `UPSTREAM_BASE_URL=${origin}/llm/v1`,
  })
  expect(await upstream(`${await server({ '*': to('/login?next=models') })}/v1`)).toMatchObject({
    remedy: 'UPSTREAM_BASE_URL=<the right address>',
  })
})

test('a redirect and a broken upstream are not fine', async () => {
  const moved: Answer = (_request, outgoing) => {
    outgoing.writeHead(308, { location: 'https://api.example.com/v1/models' }).end()
  }
  expect(await upstream(`${await server({ '*': moved })}/v1`)).toMatchObject({
    state: 'not ok',
    remedy: 'UPSTREAM_BASE_URL=https://api.example.com/v1',
  })
  expect(await upstream(`${await server({ '*': answerJson({}, 502) })}/v1`)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('answers 502'),
  })
})

test('what to type names the upstream of UPSTREAMS', async () => {
  const origin = await server({ 'GET /llm/v1/models': answerJson({ data: [] }) })
  expect(await findingOf('upstream local', { UPSTREAMS: `local=${origin}/llm` })).toMatchObject({
    remedy: `UPSTREAMS=local=${origin}/llm/v1,...`,
  })
})

test('https to a port that speaks plain HTTP is told so', async () => {
  const origin = (await server({ '*': answerJson({}) })).replace('http:', 'https:')
  expect(await upstream(`${origin}/v1`)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('speaks plain HTTP, and is asked for HTTPS'),
    remedy: `UPSTREAM_BASE_URL=${origin.replace('https:', 'http:')}/v1`,
  })
})

async function tlsServer(answer = '{}'): Promise<string> {
  const { cert, key } = selfSigned()
  const secure = createTlsServer({ cert, key }, (_request, outgoing) => void outgoing.end(answer))
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    secure.closeAllConnections()
    secure.close()
  })
  return `https://127.0.0.1:${(secure.address() as AddressInfo).port}`
}

test('plain HTTP to a port that speaks HTTPS is told so', async () => {
  const origin = await tlsServer()
  expect(await findingOf('OTLP', { OTLP_ENDPOINT: origin.replace('https:', 'http:') })).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('speaks HTTPS, and is asked for plain HTTP'),
    remedy: `OTLP_ENDPOINT=${origin}`,
  })
  const nginx: Answer = (_request, outgoing) => {
    outgoing.writeHead(400).end('The plain HTTP request was sent to HTTPS port')
  }
  const address = await server({ '*': nginx })
  expect(await upstream(`${address}/v1`)).toMatchObject({
    remedy: `UPSTREAM_BASE_URL=${address.replace('http:', 'https:')}/v1`,
  })
})

test('a certificate that is not trusted is told from a server that is not there', async () => {
  expect(await upstream(`${await tlsServer()}/v1`)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('the certificate of 127.0.0.1 is not trusted here'),
    remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS='),
  })
})

test('a slow server is told from a wrong address', async () => {
  const origin = await server({ '*': () => undefined })
  expect(await upstream(`${origin}/v1`, 100)).toMatchObject({
    state: 'not ok',
    summary: expect.stringMatching(/takes connections, but gave no answer .* the server slow or busy$/),
  })
  const closed = `http://127.0.0.1:${(await noAdmin()).ADMIN_PORT}`
  const address = { url: closed, assign: (url: string) => `X=${url}` }
  expect(await explainFailure(address, new DeadlineExceeded('late'), 100)).toMatchObject({
    summary: expect.stringMatching(
      /^no connection to 127\.0\.0\.1:\d+ within 0\.1 s: a wrong address, or a firewall$/,
    ),
    remedy: 'X=<the right address>',
  })
})

test('what does not speak HTTP at all is named so', async () => {
  const other = createTcpServer((socket) => void socket.end('220 mail.example.com ESMTP\r\n'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  expect(await upstream(`http://127.0.0.1:${port}/v1`)).toMatchObject({
    state: 'not ok',
    summary: `what listens on 127.0.0.1:${port} speaks no HTTP: it is another kind of server`,
  })
  expect(await upstream(`https://127.0.0.1:${port}/v1`)).toMatchObject({
    summary: `what listens on 127.0.0.1:${port} speaks neither HTTPS nor HTTP: it is another kind of server`,
  })
})

test('a server that is no Redis, and one that is silent, are told apart', async () => {
  const { host } = new URL(await server({ '*': page }))
  expect(await findingOf('Redis', { REDIS_URL: `redis://${host}` })).toMatchObject({
    state: 'not ok',
    summary: `${host} does not speak Redis's protocol: it is another kind of server`,
  })
  const silent = createTcpServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  expect(await findingOf('Redis', { REDIS_URL: `redis://127.0.0.1:${port}` }, 500)).toMatchObject({
    summary: expect.stringContaining('it takes connections, but gave no answer within 0.5 s'),
    remedy: expect.stringContaining(`redis-cli -u redis://127.0.0.1:${port} ping`),
  })
})

test('a host that does not exist is named', async () => {
  expect(await upstream('http://nowhere.invalid/v1')).toMatchObject({
    state: 'not ok',
    summary: expect.stringMatching(
      /^there is no host called nowhere\.invalid$|^the name nowhere\.invalid cannot be looked up/,
    ),
  })
})

test('an OTLP endpoint that is a web page takes no traces', async () => {
  expect(await findingOf('OTLP', { OTLP_ENDPOINT: await server({ '*': page }) })).toMatchObject({
    state: 'not ok',
    summary: expect.stringMatching(/\/v1\/traces is a web page, not an OTLP endpoint$/),
    remedy: 'OTLP_ENDPOINT=<address of a collector>:4318',
  })
})

test.each([
  ['sk-lf-1', 'pk-lf-1', /^the keys are swapped/],
  ['sk-lf-1', 'sk-lf-2', /^LANGFUSE_PUBLIC_KEY holds a secret key/],
  ['pk-lf-1', 'pk-lf-2', /^LANGFUSE_SECRET_KEY holds a public key/],
  ['"pk-lf-1"', 'sk-lf-2', /^a key has quotes or spaces around it/],
])('the keys %s and %s cannot be right', async (LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY, summary) => {
  const env = { LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY, LANGFUSE_BASE_URL: 'http://127.0.0.1:1' }
  expect(await findingOf('Langfuse', env)).toMatchObject({
    state: 'not ok',
    summary: expect.stringMatching(summary),
    remedy: 'LANGFUSE_PUBLIC_KEY=pk-lf-... LANGFUSE_SECRET_KEY=sk-lf-...',
  })
})

test('the address of a Langfuse page or API is told without its path', async () => {
  const health = answerJson({ status: 'OK', version: '4.16.0' })
  const origin = await server({ 'GET /api/public/health': health, '*': page })
  const env = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-1' }
  expect(await findingOf('Langfuse', { ...env, LANGFUSE_BASE_URL: `${origin}/project/1` })).toMatchObject({
    state: 'not ok',
    remedy: `LANGFUSE_BASE_URL=${origin}`,
  })
})

test('a port that another program has is not fine, one of a running threadtap is', async () => {
  const other = createTcpServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const PORT = String((other.address() as AddressInfo).port)
  expect(await findingOf('data port', { PORT })).toMatchObject({
    state: 'not ok',
    summary: `127.0.0.1:${PORT} is taken by another program`,
    remedy: 'PORT=<another port>, or PORT=0 for any',
  })
  const origin = await server({ '*': answerJson({ error: { message: 'threadtap: / is not a path' } }, 404) })
  expect(await findingOf('data port', { PORT: new URL(origin).port })).toMatchObject({
    state: 'ok',
    summary: expect.stringContaining('is taken by a running threadtap'),
  })
  const { certFile, keyFile } = selfSigned()
  const env = { PORT: new URL(await tlsServer('{"error":{"message":"threadtap: / is not a path"}}')).port }
  expect(await findingOf('data port', { ...env, TLS_CERT: certFile, TLS_KEY: keyFile })).toMatchObject({
    state: 'ok',
    summary: expect.stringContaining('is taken by a running threadtap'),
  })
  expect(await findingOf('data port', { HOST: '192.0.2.1', PORT: '4999' })).toMatchObject({
    state: 'not ok',
    remedy: 'HOST=127.0.0.1',
  })
  expect(await findingOf('admin port', await runningAdmin())).toMatchObject({ state: 'ok' })
})

test('another server on the admin port is no running process', async () => {
  const origin = await server({ '*': page })
  expect(await findingOf('running process', { ADMIN_PORT: new URL(origin).port })).toMatchObject({
    state: 'not ok',
    summary: `what answers at ${origin} is not threadtap`,
  })
})

test('records that would go nowhere are found before anything starts', async () => {
  expect(await findingOf('local store', { LOCAL_STORE: 'off' })).toMatchObject({
    state: 'not ok',
    remedy: 'LOCAL_STORE=on',
  })
})
