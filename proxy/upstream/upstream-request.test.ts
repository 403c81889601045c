import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import type { RequestBody } from '../ingress/body.ts'
import { upstreamRequest } from './upstream-request.ts'

const upstream = { name: 'default', origin: 'http://a', basePath: '/v1', provider: 'openai' }
const original = Buffer.from('{"stream":true}')
const rewritten = Buffer.from('{"stream_options":{"include_usage":true},"stream":true}')
const held: RequestBody = { kind: 'held', chunks: [original], bytes: original.length }

function incoming(acceptEncoding?: string): IncomingMessage {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }
  return { headers, rawHeaders: Object.entries(headers).flat() } as unknown as IncomingMessage
}

test('an original request keeps its body, its length and any accept-encoding', () => {
  const { headers, body, clientBytes } = upstreamRequest(incoming('zzz'), upstream, held)
  expect(headers).toEqual(['accept-encoding', 'zzz', 'content-length', String(original.length)])
  expect(body).toBe(original)
  expect(clientBytes()).toBe(original.length)
})

test('a rewritten request has its own length, and accepts only codings that we can decode', () => {
  const { headers, body, clientBytes } = upstreamRequest(incoming('gzip, zzz'), upstream, held, [rewritten])
  expect(headers).toEqual(['accept-encoding', 'gzip', 'content-length', String(rewritten.length)])
  expect(body).toBe(rewritten)
  expect(clientBytes()).toBe(original.length)
})

test('a request without a body has no length', () => {
  const { headers, body } = upstreamRequest(incoming(), upstream, { kind: 'none' })
  expect([headers, body]).toEqual([[], null])
})
