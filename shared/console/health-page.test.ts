import { once } from 'node:events'
import { connect } from 'node:net'
import { Gauge, Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { DeadLetters } from '../admin/dead-letters.ts'
import { noCounts } from '../ledger/ledger.ts'
import { runningConsole } from './testing/running-console.ts'

function someLetters(count: number) {
  const kept = new Map(
    Array.from({ length: count }, (_, at) => {
      const id = String(at)
      return [
        id,
        { id, at: '2026-11-20T10:00:00.000Z', reason: '<b>too large</b>', sink: 'langfuse' },
      ] as const
    }),
  )
  const dead: DeadLetters = {
    list: async () => [...kept.values()],
    read: async (id) => kept.get(id),
    replay: async (ids = [...kept.keys()]) => {
      const delivered = ids.filter((id) => kept.delete(id)).length
      return { delivered, failed: ids.length - delivered }
    },
    purge: async (ids) => ids.filter((id) => kept.delete(id)).length,
  }
  return { dead, kept }
}

const ledger = async () => ({
  ...noCounts,
  accepted: 5,
  spooled: 1,
  queued: 0,
  delivered: 3,
  dropped: { spool_full: 1 },
})

test('the page says how the process is, and draws where its records are', async () => {
  const registry = new Registry()
  new Gauge({ name: 'threadtap_spool_limit_bytes', help: 'x', registers: [registry] }).set(1_000_000)
  const { ask } = await runningConsole({ ledger, registry })
  const { status, text } = await ask('/health')
  expect(status).toBe(200)
  expect(text).toContain('The spool holds 0 bytes of at most 1.0 MB.')
  expect(text).toContain(
    'Of 5 accepted records: 3 delivered, 1 spooled, 0 queued, 0 dead letters, 1 dropped.',
  )
  expect(text).toContain('spool_full 1')
  expect(text).toContain('They are kept by the worker')
})

test('dead letters have their reason as text, and forms that send and purge them', async () => {
  const { dead, kept } = someLetters(2)
  const { ask, origin } = await runningConsole({ ledger, dead })
  expect((await ask('/health')).text).toContain('&lt;b&gt;too large&lt;/b&gt;')
  const replay = await ask('/health/dead/replay', { form: { id: '0' }, headers: origin })
  expect([replay.status, replay.headers.location]).toEqual([303, '/health?delivered=1&failed=0'])
  expect((await ask('/health?delivered=1&failed=2')).text).toContain(
    '1 delivered. 2 could not be delivered, and are still here.',
  )
  const purge = await ask('/health/dead/purge', { form: { id: '1' }, headers: origin })
  expect(purge.headers.location).toBe('/health?purged=1')
  expect(kept.size).toBe(0)
})

test('servers are asked when somebody wants it, and what they said stays', async () => {
  let asked = 0
  const examine = async () => {
    asked += 1
    return [
      { name: 'upstream "default"', state: 'ok', summary: 'answers' },
      { name: 'redis', state: 'not ok', summary: '<b>refused</b>', remedy: 'REDIS_URL=redis://...' },
    ] as const
  }
  const { ask, origin } = await runningConsole({ ledger }, { examine })
  expect((await ask('/health')).text).toContain('have not been asked')
  expect((await ask('/health/examine', { form: {} })).status).toBe(403)
  expect((await ask('/health/examine')).status).toBe(404)
  expect(asked).toBe(0)
  const { status, headers } = await ask('/health/examine', { form: {}, headers: origin })
  expect([status, headers.location]).toEqual([303, '/health#servers'])
  const { text } = await ask('/health')
  expect(text).toContain('redis: &lt;b&gt;refused&lt;/b&gt;')
  expect(text).toContain('REDIS_URL=redis://...')
  expect(asked).toBe(1)
})

test('a form without the origin of the page changes nothing', async () => {
  const { dead, kept } = someLetters(1)
  const { ask } = await runningConsole({ ledger, dead })
  for (const headers of [{}, { origin: 'https://evil.example' }])
    expect((await ask('/health/dead/replay-all', { form: {}, headers })).status).toBe(403)
  expect(kept.size).toBe(1)
})

test.each([
  ['no length', '', 303],
  ['chunks', 'transfer-encoding: chunked\r\n', 413],
  ['too great a length', 'content-length: 70000\r\n', 413],
])('a form of %s is answered', async (_, header, status) => {
  const { url } = await runningConsole({ ledger }, { examine: async () => [] })
  const { host, port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(`POST /health/examine HTTP/1.1\r\nhost: ${host}\r\norigin: ${url}\r\n${header}\r\n`)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('what an address claims to have happened is taken as a number, or not at all', async () => {
  const { ask } = await runningConsole({ ledger })
  for (const query of ['delivered=<b>', 'purged=many', 'delivered=-1'])
    expect((await ask(`/health?${encodeURI(query)}`)).text).not.toContain('class="outcome"')
})
