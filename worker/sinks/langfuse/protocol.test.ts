import { expect, test } from 'vitest'
import { aRecord } from '../../testing/records.ts'
import { delivered, failed, forAll, type Send } from '../sink.ts'
import type { Health } from './health.ts'
import { type Protocol, protocolFor, withProtocol } from './protocol.ts'

const never = new AbortController().signal
const wrong = failed({ kind: 'held', reason: 'HTTP 404', wrongProtocol: true })

test.each([
  ['2.95.12', 'ingestion'],
  ['3.21.9', 'ingestion'],
  ['3.22.0', 'otlp'],
  ['3.199.0', 'otlp'],
  ['v4.16.0', 'otlp'],
  ['4.0.0-rc.1', 'otlp'],
  ['10.0.0', 'otlp'],
] as const)('version %s is spoken to over %s', (version, protocol) => {
  expect(protocolFor(version)).toBe(protocol)
})

/** A server that understands one protocol, which may change. */
function aServer(understood: Protocol, health: Health[]) {
  const server = { understood, asked: 0, sent: [] as Protocol[] }
  const sendBy =
    (protocol: Protocol): Send =>
    async (batch) => {
      server.sent.push(protocol)
      return forAll(batch, protocol === server.understood ? delivered : wrong)
    }
  const askHealth = async (): Promise<Health> => health[server.asked++] ?? { version: '4.16.0' }
  const send = withProtocol({
    setting: 'auto',
    send: { otlp: sendBy('otlp'), ingestion: sendBy('ingestion') },
    askHealth,
  })
  return { server, send: () => send([aRecord()], never) }
}

test('the server is asked once, before the first batch', async () => {
  const { server, send } = aServer('otlp', [])
  expect([await send(), await send()]).toEqual([[delivered], [delivered]])
  expect(server.asked).toBe(1)
})

test('a server whose version cannot be learnt is asked again with the next batch', async () => {
  const away = failed({ kind: 'retryable', reason: 'ECONNREFUSED' })
  const { server, send } = aServer('otlp', [{ verdict: away }])
  expect(await send()).toEqual([away])
  expect(server.sent).toEqual([])
  expect(await send()).toEqual([delivered])
})

test('a server that was upgraded gets the same batch in its new protocol', async () => {
  const { server, send } = aServer('ingestion', [{ version: '2.95.12' }])
  await send()
  server.understood = 'otlp'
  expect(await send()).toEqual([delivered])
  expect(server.sent).toEqual(['ingestion', 'ingestion', 'otlp'])
})

test('a server that contradicts its own version holds', async () => {
  const { send } = aServer('ingestion', [])
  expect([await send(), await send()]).toEqual([[wrong], [wrong]])
})
