import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../shared/timing/clock.ts'
import { aRecord } from '../../testing/records.ts'
import type { Send } from '../sink.ts'
import { otlpSink } from './sink.ts'

const never = new AbortController().signal

/** @returns a sink to a collector that always gives this response, and the requests that it got */
async function sinkTo(status: number, body: string, headers: Record<string, string> = {}) {
  const requests: { path: string | undefined; key: unknown }[] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url, key: request.headers['x-key'] })
    request.resume().on('end', () => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { send } = otlpSink({ endpoint, headers: { 'x-key': 'k' }, clock: systemClock, resource: {} })
  return { send, requests }
}

test('a record of a trace that the caller does not sample is not sent', async () => {
  const { send, requests } = await sinkTo(200, '{}')
  const { trace } = aRecord()
  const [verdict] = await send([aRecord({ trace: { ...trace, sampled: false } })], never)
  expect(verdict).toMatchObject({ fault: { kind: 'unwanted', reason: 'caller_unsampled' } })
  expect(requests).toEqual([])
})

const faultOf = async (send: Send) => {
  const [verdict] = await send([aRecord()], never)
  return verdict?.ok ? 'ok' : verdict?.fault
}

test.each([
  [200, '{}', 'ok'],
  [202, '', 'ok'],
  [200, '{"partialSuccess":{"rejectedSpans":"0"}}', 'ok'],
  [200, '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}', { kind: 'refused' }],
  [200, '<!DOCTYPE html>', { kind: 'held' }],
  [302, '', { kind: 'held' }],
  [400, '{"error":"no"}', { kind: 'refused', reason: 'HTTP 400: {"error":"no"}' }],
  [401, '', { kind: 'held' }],
  [403, '', { kind: 'held' }],
  [404, '', { kind: 'held', wrongProtocol: true }],
  [413, '', { kind: 'oversized' }],
  [429, '', { kind: 'retryable' }],
  [500, '<html>', { kind: 'retryable' }],
  [503, '', { kind: 'retryable' }],
] as const)('a response of %i %s gives %o', async (status, body, expected) => {
  const { send, requests } = await sinkTo(status, body)
  const fault = await faultOf(send)
  if (expected === 'ok') expect(fault).toBe('ok')
  else expect(fault).toMatchObject(expected)
  expect(requests).toEqual([{ path: '/v1/traces', key: 'k' }])
})

test('Retry-After is read as seconds and as a date', async () => {
  expect(await faultOf((await sinkTo(429, '', { 'retry-after': '7' })).send)).toMatchObject({
    retryAfterMs: 7000,
  })
  const past = (await sinkTo(503, '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })).send
  expect(await faultOf(past)).toMatchObject({ retryAfterMs: 0 })
})

test('the reason names why the collector cannot be reached', async () => {
  const { send } = otlpSink({ endpoint: 'http://127.0.0.1:1', headers: {}, clock: systemClock, resource: {} })
  expect(await faultOf(send)).toMatchObject({ kind: 'retryable', reason: 'ECONNREFUSED' })
})

test('an abort rejects', async () => {
  const { send } = await sinkTo(200, '{}')
  await expect(send([aRecord()], AbortSignal.abort())).rejects.toThrow()
})
