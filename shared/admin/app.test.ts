import { Counter, Registry } from 'prom-client'
import { request } from 'undici'
import { expect, test } from 'vitest'
import type { Ledger } from '../ledger/ledger.ts'
import { createLogger } from '../logger.ts'
import { createAdminEvents } from './admin-events.ts'
import type { AdminParts } from './admin-parts.ts'
import type { Search } from './call-search.ts'
import type { CallStore } from './call-store.ts'
import type { DeadLetter, DeadLetters } from './dead-letters.ts'
import { sampleRecord } from './testing/sample-record.ts'
import { serveAdmin } from './testing/serve-admin.ts'

type RequestOptions = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** @returns a function that sends a request to a running admin port */
async function admin(parts: Partial<AdminParts> = {}) {
  const url = await serveAdmin(parts)
  return async (path: string, { method = 'GET', headers = {}, body }: RequestOptions = {}) => {
    const response = await request(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
    })
    const text = await response.body.text()
    const type = String(response.headers['content-type'])
    const { link } = response.headers
    return { status: response.statusCode, type, link, body: type.includes('json') ? JSON.parse(text) : text }
  }
}

const ledger: Ledger = {
  accepted: 10,
  spooled: 2,
  queued: 1,
  delivered: 3,
  deadLettered: 1,
  dropped: { spool_full: 2, sampled_out: 1 },
}

const withReason = { error: expect.any(String) }

test('/livez is ok while the event loop turns, whatever else fails', async () => {
  const ask = await admin({ checks: { spool: () => false } })
  expect(await ask('/livez')).toMatchObject({ status: 200, body: 'ok\n' })
})

test('/readyz is ready when every check passes', async () => {
  const ask = await admin({ checks: { data_port: () => true, spool: async () => true } })
  const body = { ready: true, checks: { data_port: true, spool: true } }
  expect(await ask('/readyz')).toMatchObject({ status: 200, body })
})

test('/readyz names the check that fails', async () => {
  const ask = await admin({ checks: { data_port: () => true, spool: () => false } })
  const body = { ready: false, checks: { data_port: true, spool: false } }
  expect(await ask('/readyz')).toMatchObject({ status: 503, body })
})

const degraded = () => [
  {
    part: 'redis',
    effect: 'records wait in the spool',
    reason: 'connect ECONNREFUSED 10.0.0.7:6379',
  } as const,
]

test('/readyz is ready when something is degraded, and says what and why', async () => {
  const ask = await admin({ degraded })
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: { ready: true, degraded: degraded() } })
})

test('/readyz says why something is degraded only to who may read more than probes', async () => {
  const ask = await admin({ degraded, onLoopback: false, token: 's3cret' })
  const seen = { part: 'redis', effect: 'records wait in the spool' }
  expect((await ask('/readyz')).body.degraded).toEqual([seen])
  const headers = { authorization: 'Bearer s3cret' }
  expect((await ask('/readyz', { headers })).body.degraded).toEqual(degraded())
})

test('/metrics is the registry in the Prometheus text format', async () => {
  const registry = new Registry()
  new Counter({ name: 'threadtap_calls_total', help: 'Calls', registers: [registry] }).inc(3)
  const ask = await admin({ registry })
  const { type, body } = await ask('/metrics')
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toContain('threadtap_calls_total 3')
})

test('/ledger counts the records by state, and checks that they add up', async () => {
  const ask = await admin({ ledger: async () => ledger })
  expect((await ask('/ledger')).body).toEqual({
    accepted: 10,
    spooled: 2,
    queued: 1,
    delivered: 3,
    dead_lettered: 1,
    dropped: { spool_full: 2, sampled_out: 1 },
    adds_up: true,
  })
  const wrong = await admin({ ledger: async () => ({ ...ledger, queued: 0 }) })
  expect((await wrong('/ledger')).body).toMatchObject({ adds_up: false })
})

test('a defect is logged and counted, and its message is not shown', async () => {
  const registry = new Registry()
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  const cause = new Error('ENOENT: /secret/path')
  const ask = await admin({
    registry,
    events: createAdminEvents(registry, createLogger('error', 'proxy', { write })),
    ledger: () => Promise.reject(cause),
    calls: { searchThreads: () => Promise.reject(cause) } as unknown as CallStore,
  })
  const body = { error: 'the request failed inside threadtap; the cause is in its log' }
  expect(await ask('/ledger?a=b')).toMatchObject({ status: 500, body })
  expect(await ask('/api/threads')).toMatchObject({ status: 500, body })
  expect(lines).toMatchObject([
    { level: 'error', path: '/ledger', err: { message: cause.message, stack: cause.stack } },
    { level: 'error', path: '/api/threads', err: { message: cause.message } },
  ])
  expect((await ask('/metrics')).body).toContain('threadtap_admin_errors_total 2')
})

test('calls and threads are read from the store, with bounded limits', async () => {
  const queries: Search[] = []
  const note = async (query: Search) => {
    queries.push(query)
    return { found: [] }
  }
  const calls = {
    searchThreads: note,
    searchCalls: note,
    searchRuns: note,
    run: async () => undefined,
    call: async (id: string) =>
      id === 'a' ? { ...sampleRecord({ id }), delivery: { state: 'local' } } : undefined,
  } as unknown as CallStore
  const ask = await admin({ calls })
  await ask('/api/threads?limit=7')
  await ask('/api/calls?thread=x%20y%2Fz&limit=99999&before=abc')
  await ask('/api/calls?limit=nonsense')
  await ask('/api/runs?limit=3')
  expect(queries).toEqual([
    { limit: 7 },
    { thread: 'x y/z', limit: 1000, before: 'abc' },
    { limit: 100 },
    { limit: 3 },
  ])
  expect(await ask('/api/calls/a')).toMatchObject({ status: 200, body: { id: 'a', ending: 'completed' } })
  expect(await ask('/api/runs/b')).toMatchObject({ status: 404, body: withReason })
  expect(await ask('/api/calls/b')).toMatchObject({ status: 404, body: withReason })
})

test('a list that goes on says where, and takes a filter along', async () => {
  const queries: Search[] = []
  const calls = {
    searchCalls: async (query: Search) => {
      queries.push(query)
      return { found: [], next: '000000000000001-a' }
    },
  } as unknown as CallStore
  const ask = await admin({ calls })
  const { link } = await ask('/api/calls?user=ada%20l&errors=1&slower=2s')
  expect(link).toBe('</api/calls?user=ada+l&errors=1&slower=2s&before=000000000000001-a>; rel="next"')
  expect(queries).toEqual([{ user: 'ada l', errors: true, slowerThanMs: 2_000, limit: 100 }])
})

test('a filter that is not understood is refused, and named', async () => {
  const ask = await admin({ calls: {} as unknown as CallStore })
  expect(await ask('/api/runs?slower=soon')).toMatchObject({
    status: 400,
    body: { error: '"slower" must be like 500 (ms) or 2s' },
  })
})

test('dead letters are listed, read, replayed and purged', async () => {
  const letter: DeadLetter = { id: 'a', at: '2026-11-20T10:00:00.000Z', reason: 'refused' }
  const replayed: (readonly string[] | undefined)[] = []
  const dead: DeadLetters = {
    list: async () => [letter],
    read: async (id) => (id === 'a' ? letter : undefined),
    replay: async (ids) => {
      replayed.push(ids)
      return { delivered: 1, failed: 0 }
    },
    purge: async (ids) => ids.length,
  }
  const ask = await admin({ dead })
  expect((await ask('/api/dead')).body).toEqual([letter])
  expect((await ask('/api/dead/a')).body).toEqual(letter)
  expect(await ask('/api/dead/b')).toMatchObject({ status: 404, body: withReason })

  const purge = (body: string) => ask('/api/dead/purge', { method: 'POST', body })
  expect((await purge('{"ids":["a"]}')).body).toEqual({ purged: 1 })
  expect((await purge('')).status).toBe(400)

  const replay = (body: string) => ask('/api/dead/replay', { method: 'POST', body })
  expect((await replay('{"ids":["a"]}')).body).toEqual({ delivered: 1, failed: 0 })
  expect((await replay('')).status).toBe(200)
  expect((await replay('{"ids":[7]}')).status).toBe(400)
  expect((await replay('all')).status).toBe(400)
  expect((await replay(' '.repeat(2_000_000))).status).toBe(413)
  expect(replayed).toEqual([['a'], undefined])
})

test('routes of what a process does not have respond with 404 and the reason', async () => {
  const ask = await admin()
  for (const path of [
    '/ledger',
    '/api/threads',
    '/api/calls',
    '/api/calls/a',
    '/api/dead',
    '/api/dead/a',
    '/x',
  ]) {
    expect(await ask(path)).toMatchObject({ status: 404, body: withReason })
  }
})

test('off loopback the bearer token is required', async () => {
  const ask = await admin({ onLoopback: false, token: 's3cret!', ledger: async () => ledger })
  const statusWith = async (authorization: string) =>
    (await ask('/ledger', { headers: { authorization } })).status
  expect(await ask('/ledger')).toMatchObject({ status: 401, body: withReason })
  expect(await statusWith('Bearer wrong')).toBe(401)
  expect(await statusWith('s3cret!')).toBe(401)
  expect((await ask('/api/threads')).status).toBe(401)
  expect(await statusWith('Bearer s3cret!')).toBe(200)
  expect(await statusWith('bearer s3cret!')).toBe(200)
})

test('off loopback without a token it is closed, but probes and metrics are not', async () => {
  const ask = await admin({ onLoopback: false, ledger: async () => ledger })
  expect(await ask('/ledger', { headers: { authorization: 'Bearer undefined' } })).toMatchObject({
    status: 403,
  })
  expect((await ask('/api/calls')).body.error).toContain('ADMIN_TOKEN')
  for (const path of ['/livez', '/readyz', '/metrics']) expect((await ask(path)).status).toBe(200)
})

test('on loopback a Host that was rebound to this machine is rejected', async () => {
  const ask = await admin({ ledger: async () => ledger })
  const statusWith = async (host: string) => (await ask('/ledger', { headers: { host } })).status
  for (const host of ['localhost:4011', '127.0.0.1', '[::1]:4011']) expect(await statusWith(host)).toBe(200)
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:4011']) {
    expect(await statusWith(host)).toBe(403)
  }
})

test('pages of other origins are rejected', async () => {
  const ask = await admin({ ledger: async () => ledger })
  const statusWith = async (origin: string) =>
    (await ask('/ledger', { headers: { origin, host: 'localhost:4011' } })).status
  expect(await statusWith('http://localhost:4011')).toBe(200)
  expect(await statusWith('http://localhost:3000')).toBe(403)
  expect(await statusWith('null')).toBe(403)
})
