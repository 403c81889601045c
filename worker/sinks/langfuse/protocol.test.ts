import { expect, test } from 'vitest'
import { aRecord } from '../../testing/records.ts'
import { delivered, failed, forAll, type Send } from '../sink.ts'
import type { Health } from './health.ts'
import { withProtocol } from './protocol.ts'
import type { Protocol } from './server-version.ts'

const never = new AbortController().signal
const wrong = failed({ kind: 'held', reason: 'HTTP 404', wrongProtocol: true })

/** A server that supports one protocol, which may change. */
function aServer(supported: Protocol, health: Health[]) {
  const server = { supported, healthChecks: 0, sent: [] as Protocol[] }
  const sendBy =
    (protocol: Protocol): Send =>
    async (batch) => {
      server.sent.push(protocol)
      return forAll(batch, protocol === server.supported ? delivered : wrong)
    }
  const fetchHealth = async (): Promise<Health> => health[server.healthChecks++] ?? { version: '4.16.0' }
  const send = withProtocol({
    setting: 'auto',
    send: { otlp: sendBy('otlp'), ingestion: sendBy('ingestion') },
    fetchHealth,
  })
  return { server, send: () => send([aRecord()], never) }
}

test('the version is read once, before the first batch', async () => {
  const { server, send } = aServer('otlp', [])
  expect([await send(), await send()]).toEqual([[delivered], [delivered]])
  expect(server.healthChecks).toBe(1)
})

test('a version that could not be read is read again with the next batch', async () => {
  const outage = failed({ kind: 'retryable', reason: 'ECONNREFUSED' })
  const { server, send } = aServer('otlp', [{ verdict: outage }])
  expect(await send()).toEqual([outage])
  expect(server.sent).toEqual([])
  expect(await send()).toEqual([delivered])
})

test('an upgraded server gets the same batch over its new protocol', async () => {
  const { server, send } = aServer('ingestion', [{ version: '2.95.12' }])
  await send()
  server.supported = 'otlp'
  expect(await send()).toEqual([delivered])
  expect(server.sent).toEqual(['ingestion', 'ingestion', 'otlp'])
})

test('a server that rejects the protocol of its own version holds delivery', async () => {
  const { send } = aServer('ingestion', [])
  expect([await send(), await send()]).toEqual([[wrong], [wrong]])
})

test.each([
  ['2.95.12', 'ingestion'],
  ['3.21.9', 'ingestion'],
  ['3.22.0', 'otlp'],
  ['3.199.0', 'otlp'],
  ['v4.16.0', 'otlp'],
  ['4.0.0-rc.1', 'otlp'],
  ['10.0.0', 'otlp'],
  ['nightly', 'ingestion'],
] as const)('version %s gets %s', async (version, protocol) => {
  const { server, send } = aServer(protocol, [{ version }])
  expect(await send()).toEqual([delivered])
  expect(server.sent).toEqual([protocol])
})

/** A server that never says its version. */
function aSilentServer(supported: Protocol) {
  const sent: Protocol[] = []
  const sendBy =
    (protocol: Protocol): Send =>
    async (batch) => {
      sent.push(protocol)
      return forAll(batch, protocol === supported ? delivered : wrong)
    }
  const send = withProtocol({
    setting: 'auto',
    send: { otlp: sendBy('otlp'), ingestion: sendBy('ingestion') },
    fetchHealth: (signal) =>
      new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    healthTimeoutMs: 5,
  })
  return { sent, send: (signal = never) => send([aRecord()], signal) }
}

test('a server that is slow to say its version gets its records over the protocol that it understands', async () => {
  const newer = aSilentServer('otlp')
  expect([await newer.send(), await newer.send()]).toEqual([[delivered], [delivered]])
  expect(newer.sent).toEqual(['otlp', 'otlp'])
  const older = aSilentServer('ingestion')
  expect([await older.send(), await older.send()]).toEqual([[delivered], [delivered]])
  expect(older.sent).toEqual(['otlp', 'ingestion', 'ingestion'])
})

test('an abort ends the wait for the version', async () => {
  await expect(aSilentServer('otlp').send(AbortSignal.abort(new Error('stopping')))).rejects.toThrow()
})
