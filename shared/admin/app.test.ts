import { Counter, Registry } from 'prom-client'
import { request } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { honoListener } from '../http/hono-listener.ts'
import { type HttpPort, httpPort } from '../http/http-port.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type AdminParts, createAdminApp } from './app.ts'
import type { CallQuery, CallStore } from './call-store.ts'
import type { DeadLetter, DeadLetters } from './dead-letters.ts'
import { sampleRecord } from './testing/sample-record.ts'

const running: HttpPort[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop?.(AbortSignal.abort())
})

type Asked = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** @returns a function that asks a running admin port */
async function admin(parts: Partial<AdminParts> = {}) {
  const app = createAdminApp({ registry: new Registry(), checks: {}, onLoopback: true, ...parts })
  const server = httpPort(honoListener(app), {
    name: 'admin port',
    host: '127.0.0.1',
    port: 0,
    settings: 'ADMIN_PORT',
  })
  await server.start?.()
  running.push(server)
  return async (path: string, { method = 'GET', headers = {}, body }: Asked = {}) => {
    const answer = await request(`${server.url()}${path}`, { method, headers, ...(body && { body }) })
    const text = await answer.body.text()
    const type = String(answer.headers['content-type'])
    return { status: answer.statusCode, type, body: type.includes('json') ? JSON.parse(text) : text }
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

const refused = { error: expect.any(String) }

test('/livez answers while the event loop turns, whatever else is wrong', async () => {
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

test('/metrics is the registry in the Prometheus text format', async () => {
  const registry = new Registry()
  new Counter({ name: 'threadtap_calls_total', help: 'Calls', registers: [registry] }).inc(3)
  const ask = await admin({ registry })
  const { type, body } = await ask('/metrics')
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toContain('threadtap_calls_total 3')
})

test('/ledger says where every record is, and whether that adds up', async () => {
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

test('calls and threads are asked of the store, with bounded limits', async () => {
  const asked: CallQuery[] = []
  const calls: CallStore = {
    threads: async ({ limit }) => {
      asked.push({ limit })
      return []
    },
    calls: async (query) => {
      asked.push(query)
      return []
    },
    call: async (id) => (id === 'a' ? sampleRecord({ id }) : undefined),
  }
  const ask = await admin({ calls })
  await ask('/api/threads?limit=7')
  await ask('/api/calls?thread=x%20y%2Fz&limit=99999&before=abc')
  await ask('/api/calls?limit=nonsense')
  expect(asked).toEqual([{ limit: 7 }, { thread: 'x y/z', limit: 1000, before: 'abc' }, { limit: 100 }])
  expect(await ask('/api/calls/a')).toMatchObject({ status: 200, body: { id: 'a', ending: 'completed' } })
  expect(await ask('/api/calls/b')).toMatchObject({ status: 404, body: refused })
})

test('dead letters are listed, read and sent again, some or all', async () => {
  const letter: DeadLetter = { id: 'a', at: '2026-11-20T10:00:00.000Z', reason: 'refused' }
  const replayed: (readonly string[] | undefined)[] = []
  const dead: DeadLetters = {
    list: async () => [letter],
    read: async (id) => (id === 'a' ? letter : undefined),
    replay: async (ids) => {
      replayed.push(ids)
      return { delivered: 1, failed: 0 }
    },
  }
  const ask = await admin({ dead })
  expect((await ask('/api/dead')).body).toEqual([letter])
  expect((await ask('/api/dead/a')).body).toEqual(letter)
  expect(await ask('/api/dead/b')).toMatchObject({ status: 404, body: refused })

  const replay = (body: string) => ask('/api/dead/replay', { method: 'POST', body })
  expect((await replay('{"ids":["a"]}')).body).toEqual({ delivered: 1, failed: 0 })
  expect((await replay('')).status).toBe(200)
  expect((await replay('{"ids":[7]}')).status).toBe(400)
  expect((await replay('all')).status).toBe(400)
  expect((await replay(' '.repeat(2_000_000))).status).toBe(413)
  expect(replayed).toEqual([['a'], undefined])
})

test('what a process does not have is not found, and it says why', async () => {
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
    expect(await ask(path)).toMatchObject({ status: 404, body: refused })
  }
})

test('a part that fails answers 500 with its reason', async () => {
  const ask = await admin({ ledger: () => Promise.reject(new Error('the spool is closed')) })
  expect(await ask('/ledger')).toMatchObject({ status: 500, body: { error: 'the spool is closed' } })
})

test('off loopback the right bearer token is needed', async () => {
  const ask = await admin({ onLoopback: false, token: 's3cret!', ledger: async () => ledger })
  const asks = (authorization: string) => ask('/ledger', { headers: { authorization } })
  expect(await ask('/ledger')).toMatchObject({ status: 401, body: refused })
  expect((await asks('Bearer wrong')).status).toBe(401)
  expect((await asks('s3cret!')).status).toBe(401)
  expect((await ask('/api/threads')).status).toBe(401)
  expect((await asks('Bearer s3cret!')).status).toBe(200)
})

test('off loopback without a token it is closed, but probes and metrics are not', async () => {
  const ask = await admin({ onLoopback: false, ledger: async () => ledger })
  expect(await ask('/ledger', { headers: { authorization: 'Bearer undefined' } })).toMatchObject({
    status: 403,
  })
  expect((await ask('/api/calls')).body.error).toContain('ADMIN_TOKEN')
  for (const path of ['/livez', '/readyz', '/metrics']) expect((await ask(path)).status).toBe(200)
})

test('on loopback a name that was rebound to this machine is refused', async () => {
  const ask = await admin({ ledger: async () => ledger })
  const asks = (host: string) => ask('/ledger', { headers: { host } })
  for (const host of ['localhost:4011', '127.0.0.1', '[::1]:4011'])
    expect((await asks(host)).status).toBe(200)
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:4011']) {
    expect((await asks(host)).status).toBe(403)
  }
})

test('pages of other origins are refused', async () => {
  const ask = await admin({ ledger: async () => ledger })
  const asks = (origin: string) => ask('/ledger', { headers: { origin, host: 'localhost:4011' } })
  expect((await asks('http://localhost:4011')).status).toBe(200)
  expect((await asks('http://localhost:3000')).status).toBe(403)
  expect((await asks('null')).status).toBe(403)
})
